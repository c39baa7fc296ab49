using System.Collections.Immutable;
using SchoolHome.People;
using SchoolHome.School;

namespace SchoolHome.Web.People;

/// <summary>What people and classes are called, where a screen shows them.</summary>
internal sealed class PeopleNames(IGrainFactory actors)
{
    /// <summary>A class, graduated or not; null when the school has none of this id.</summary>
    public Task<SchoolClass?> Class(ClassId id) => actors.GetGrain<ISchoolGrain>(id.SchoolId.ToString()).Class(id);

    /// <summary>What a class is called: its id where the school does not know it any more.</summary>
    public async Task<string> NameOf(ClassId id) => (await Class(id))?.Name ?? id.Class;

    /// <summary>The names of some classes.</summary>
    public async Task<Dictionary<ClassId, string>> NamesOf(IEnumerable<ClassId> classes)
    {
        var names = new Dictionary<ClassId, string>();
        foreach (var id in classes.Distinct())
            names[id] = await NameOf(id);

        return names;
    }

    /// <summary>A class of a command's field that can be entered: one of this school that has not graduated. Null, with the problem, when it is none.</summary>
    public async Task<ClassId?> Enterable(string school, string? @class, string field, Edge.Fields fields)
    {
        if (string.IsNullOrWhiteSpace(@class))
        {
            fields.Add(field, "required");
            return null;
        }

        if (!ClassId.TryCreate(school, @class, out var id) || await Class(id) is not { } known)
        {
            fields.Add(field, "class-unknown");
            return null;
        }

        fields.AddIf(known.Graduated is not null, field, "class-graduated");
        return id;
    }

    /// <summary>The last four digits; empty when there is no number.</summary>
    public static string Tail(string? phone) => phone is { Length: >= 4 } ? phone[^4..] : "";

    public static ImmutableArray<Office> Ordered(IEnumerable<Office> offices) => [.. offices.Distinct().Order()];
}
