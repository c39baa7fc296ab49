using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using SchoolHome.ContactBook;
using SchoolHome.Grains.Durability;
using SchoolHome.Grains.Live;
using SchoolHome.Live;
using SchoolHome.People;
using SchoolHome.School;

namespace SchoolHome.Grains.ContactBook;

/// <summary>A projection: fed by the outboxes of the day's pages and sheet, never edited by hand. One class and one day, so it does not grow with the term.</summary>
internal sealed record ClassDayState : LiveRecord
{
    public ImmutableArray<string> SheetFilled { get; init; } = [];

    public int SheetVersion { get; init; }

    public int Tickable { get; init; }

    /// <summary>Children whose page somebody has written on, by student number.</summary>
    public ImmutableSortedDictionary<string, ChildDayIs> Children { get; init; } = ImmutableSortedDictionary.Create<string, ChildDayIs>(StringComparer.Ordinal);
}

// Reentrant for group commit; see DurableGrain for what makes it safe.
[GrainType("class-day")]
[Reentrant]
internal sealed class ClassDayGrain(
    [PersistentState("class-day")] IPersistentState<ClassDayState> storage,
    [FromKeyedServices(SchoolClock.Key)] TimeProvider clock,
    ILogger<ClassDayGrain> logger)
    : LiveGrain<ClassDayState>(storage, clock, logger), IClassDayGrain
{
    private ClassDayId Id => ClassDayId.Parse(Key);

    public async Task Take(Delivery delivery)
    {
        ThrowIfBroken();
        if (Decided.HasTaken(delivery))
        {
            await Settled();
            return;
        }

        var name = BookPageId.TryParse(delivery.From, out var page) ? await NameOf(page.StudentId) : "";
        if (Decided.HasTaken(delivery))
        {
            await Settled();
            return;
        }

        await (delivery.Fact switch
        {
            ChildDayIs child => Commit(
                Decided.Take(delivery) with { Children = Decided.Children.SetItem(page.Student, child) },
                new ChildChange("child", Line(page.Student, name, child))),
            SheetDayIs sheet => Commit(
                Decided.Take(delivery) with { SheetFilled = sheet.Filled, SheetVersion = sheet.Version, Tickable = sheet.Tickable },
                SetChange.Of("sheetFilled", sheet.Filled), SetChange.Of("sheetVersion", sheet.Version), SetChange.Of("tickable", sheet.Tickable)),
            _ => throw new ArgumentException($"A class's day takes no {delivery.Fact.GetType().Name}.", nameof(delivery)),
        });
    }

    public async Task<ClassDayView?> View()
    {
        ThrowIfBroken();
        var roster = await GrainFactory.GetGrain<IClassGrain>(Id.ClassId.ToString()).Roster();
        var school = GrainFactory.GetGrain<ISchoolGrain>(Id.ClassId.SchoolId.ToString());
        var known = await school.Class(Id.ClassId);
        var studentsSign = (await school.Profile())?.StudentAccounts ?? false;
        if (roster is null)
            return null;

        var members = roster.Students.ToDictionary(student => student.Student.Number, student => student.Name, StringComparer.Ordinal);
        // A child who wrote that day and has left the class since keeps its line; its name is asked for. Another may write meanwhile, so we look again.
        while (Durable.Children.Keys.FirstOrDefault(number => !members.ContainsKey(number)) is { } gone)
            members[gone] = await NameOf(new StudentId(Id.School, gone));

        var position = Position;
        return new ClassDayView(
            Key, position.Epoch, position.N, Id.School, Id.Class, known?.Name ?? Id.Class,
            new ClassSheetId(Id.School, Id.Class, Id.Day).ToString(), Id.Day, Durable.SheetFilled,
            [.. members.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member =>
                Durable.Children.TryGetValue(member.Key, out var child)
                    ? Line(member.Key, member.Value, child)
                    : new ChildDayView(member.Key, member.Value, [], null, [], [], [], 0))],
            Durable.SheetVersion, Durable.Tickable, studentsSign);
    }

    protected override async Task<object?> LiveView() => await View();

    protected override LivePosition PositionOf(object view) => view is ClassDayView day ? new(day.Epoch, day.N) : Position;

    private static ChildDayView Line(string student, string name, ChildDayIs child) => child.Day is { } day
        ? new(student, name, child.Filled, child.EditedAt, day.Marks, day.Ticked, day.Signed, day.Addenda)
        : new(student, name, child.Filled, child.EditedAt, [], [], [], 0);

    private async Task<string> NameOf(StudentId student) => (await GrainFactory.GetGrain<IStudentGrain>(student.ToString()).Profile())?.Name ?? student.Number;

    private sealed record ChildChange(string Kind, ChildDayView Child);
}
