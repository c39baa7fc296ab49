using System.Net;
using System.Text.Json.Nodes;
using SchoolHome.Tests.Infrastructure;
using SchoolHome.Tests.Rules.CoEditing;
using Xunit.Abstractions;
using static SchoolHome.Tests.Edge.Live.TopicTests;

namespace SchoolHome.Tests.Edge.Live;

/// <summary>Acknowledged means stored (C3), whatever happens to the process. SCHOOLHOME_TEST_SCALE of 20 or more makes it twenty times.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Writers = 50;
    private const int Most = 20;

    // On which child's page (null: the class sheet), in which section, as whom.
    private static readonly (string? Student, string Section, string Card)[] Places =
    [
        (null, "homework", "class-teacher"),
        (DemoSchool.Child, "words", "mother"),
        (DemoSchool.Child, "words", "father"),
        (DemoSchool.Child, "answer", "class-teacher"),
        (DemoSchool.Child, "study-at-home", "student"),
        (DemoSchool.Child, "study-at-home", "grandfather"),
        (null, "homework", "subject-teacher"),
        (DemoSchool.OtherChild, "words", "other-father"),
        (DemoSchool.OtherChild, "school-day", "class-teacher"),
        ("2026320293", "words", "two-children"),
        ("2026320307", "study-at-home", "two-children"),
        (null, "notices", "subject-teacher"),
    ];

    [Fact]
    public async Task C3_after_a_SIGKILL_under_fifty_writers_every_acknowledged_edit_is_there_exactly_once()
    {
        await using var web = await WebProcess.StartAsync("Development");
        await web.UntilLoggedAsync("The demo class has written", TimeSpan.FromMinutes(2));
        var people = new Dictionary<string, Person>();
        try
        {
            foreach (var card in Places.Select(place => place.Card).Distinct())
            {
                people[card] = await Person.Visit(web.Address);
                _ = (await people[card].SignInByCard(card)).Is(HttpStatusCode.OK);
            }

            var today = DateOnly.Parse((string)(await people["mother"].SessionView())["school"]!["today"]!, System.Globalization.CultureInfo.InvariantCulture);
            for (var round = 1; round <= Math.Min(Fixed.Scale, Most); round++)
                await Round(web, people, today.AddDays(round), new Random(round));
        }
        finally
        {
            foreach (var person in people.Values)
                person.Dispose();
        }
    }

    private async Task Round(WebProcess web, Dictionary<string, Person> people, DateOnly day, Random dice)
    {
        var writers = Enumerable.Range(0, Writers).Select(i => new Writer($"writer-{i:00}", Places[i % Places.Length], day, dice.Next())).ToArray();
        try
        {
            foreach (var writer in writers)
                await writer.Connect(people);

            // Killed after so many acknowledgements: at another moment in each round, and under way in any case.
            var enough = dice.Next(300, 1500);
            using var killing = new CancellationTokenSource();
            var typing = writers.Select(writer => Task.Run(() => writer.Type(killing.Token))).ToArray();
            await Eventually.TrueAsync(() => Task.FromResult(writers.Sum(writer => writer.Section.Acknowledged) >= enough), TimeSpan.FromMinutes(2), $"{enough} acknowledgements");
            await killing.CancelAsync();
            await web.KillAsync();
            await Task.WhenAll(typing);
            Assert.All(writers, writer => Assert.Null(writer.Refusal));
            await web.StartAgainAsync();

            var (acknowledged, made) = (writers.Sum(writer => writer.Section.Acknowledged), writers.Sum(writer => writer.Made));
            Assert.True(made > acknowledged, "Nothing was under way when the process was killed.");
            await Verify(people, day, writers, afterRepeating: false);

            // The signed-in cookies are good for the new process; whoever was not answered repeats with the same ids.
            await Task.WhenAll(writers.Select(async writer =>
            {
                await writer.Connect(people);
                await writer.Section.UntilConfirmed();
            }));
            await Verify(people, day, writers, afterRepeating: true);
            await VerifyClassDay(people, day);
            output.WriteLine($"{DemoSchool.Written(day)}: killed after {acknowledged} acknowledged of {made} edits; all of them there once.");
        }
        finally
        {
            foreach (var writer in writers)
                await writer.DisposeAsync();
        }
    }

    private static async Task Verify(Dictionary<string, Person> people, DateOnly day, Writer[] writers, bool afterRepeating)
    {
        foreach (var place in writers.GroupBy(writer => (writer.Section.Topic, writer.Section.Section)))
        {
            var (topic, section) = place.Key;
            await using var live = await people[place.First().Card].ConnectLive();
            var stored = Section(Ok(await live.Join(topic))["view"]!, section);
            var (text, version) = ((string)stored["text"]!, (int)stored["version"]!);
            var tokens = Tokens.In(text);
            foreach (var writer in place)
            {
                for (var n = 1; n <= writer.Made; n++)
                {
                    var times = tokens.GetValueOrDefault(Tokens.Of(writer.Name, n));
                    var must = afterRepeating || n <= writer.Section.Acknowledged;
                    Assert.True(must ? times == 1 : times <= 1, $"{Tokens.Of(writer.Name, n)} in {topic} {section}: {times} times, acknowledged up to {writer.Section.Acknowledged}");
                }
            }

            // One update is one token: the version counts them all, and the stream replays to the text.
            Assert.Equal(tokens.Count, version);
            var updates = Ok(await live.TextSince(topic, section, 0))["updates"]!.AsArray();
            Assert.Equal(version, updates.Select(update => ((string)update!["clientId"]!, (int)update["seq"]!)).Distinct().Count());
            Assert.Equal(text, updates.Aggregate("", (before, update) => Texts.Parse(update!["changes"]!.ToJsonString()).Apply(before)));
            foreach (var writer in place.Where(_ => afterRepeating))
            {
                await writer.Section.UntilVersion(version);
                Assert.Equal(text, writer.Section.Text);
            }
        }
    }

    private static async Task VerifyClassDay(Dictionary<string, Person> people, DateOnly day)
    {
        var teacher = people["class-teacher"];
        var students = Places.Select(place => place.Student).OfType<string>().Distinct().ToArray();
        var filled = new Dictionary<string, string>();
        foreach (var student in students)
            filled[student] = Filled((await teacher.Get($"/api/book/pages/s01/{student}/{DemoSchool.Written(day)}")).Is(HttpStatusCode.OK).Json);
        var sheet = Filled((await teacher.Get($"/api/book/sheets/s01/{DemoSchool.Class}/{DemoSchool.Written(day)}")).Is(HttpStatusCode.OK).Json);

        // What a page owed the class's day when the process was killed is delivered afterwards.
        JsonNode view = null!;
        await Eventually.TrueAsync(
            async () =>
            {
                view = (await teacher.Get($"/api/book/days/s01/{DemoSchool.Class}/{DemoSchool.Written(day)}")).Is(HttpStatusCode.OK).Json;
                return students.All(student => Words(Child(view, student)["filled"]!) == filled[student]) && Words(view["sheetFilled"]!) == sheet;
            },
            TimeSpan.FromSeconds(30),
            "the class's day to say what the pages say");
        Assert.All(view["children"]!.AsArray().Where(child => !students.Contains((string)child!["student"]!)), child => Assert.Empty(child!["filled"]!.AsArray()));
    }

    private static JsonNode Child(JsonNode day, string student) => day["children"]!.AsArray().Single(child => (string?)child!["student"] == student)!;

    private static string Filled(JsonNode document) =>
        string.Join(',', document["sections"]!.AsArray().Where(section => ((string)section!["text"]!).Length > 0).Select(section => (string)section!["section"]!));

    private static string Words(JsonNode words) => string.Join(',', words.AsArray().Select(word => (string)word!));

    private sealed class Writer(string name, (string? Student, string Section, string Card) place, DateOnly day, int seed) : IAsyncDisposable
    {
        private readonly Random _dice = new(seed);
        private LiveClient? _live;

        public string Name => name;

        public string Card => place.Card;

        public int Made { get; private set; }

        public string? Refusal { get; private set; }

        public SharedSection Section { get; } = new(place.Student is { } student ? DemoSchool.Page(student, day) : DemoSchool.Sheet(day), place.Section, name);

        public async Task Connect(Dictionary<string, Person> people)
        {
            await DisposeAsync();
            _live = await people[Card].ConnectLive();
            await Section.Open(_live);
        }

        /// <summary>Types until the connection breaks.</summary>
        public async Task Type(CancellationToken killing)
        {
            try
            {
                while (true)
                {
                    Tokens.Type(Section, name, ++Made, _dice);
                    if (await Section.Push() is { } code && code is not ("too-fast" or "unknown-outcome"))
                    {
                        Refusal = code;
                        return;
                    }
                }
            }
            catch (Exception exception) when (exception is not Xunit.Sdk.XunitException && killing.IsCancellationRequested)
            {
                // The process was killed; what was not answered is repeated later.
            }
        }

        public async ValueTask DisposeAsync()
        {
            if (_live is not null)
                await _live.DisposeAsync();
        }
    }
}
