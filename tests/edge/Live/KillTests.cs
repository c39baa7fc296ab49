using System.Net;
using System.Text.Json.Nodes;
using SchoolHome.Tests.Infrastructure;
using SchoolHome.Tests.Rules.CoEditing;
using Xunit.Abstractions;
using static SchoolHome.Tests.Edge.Live.TopicTests;

namespace SchoolHome.Tests.Edge.Live;

/// <summary>Acknowledged means stored (C3), whatever happens to the process. SCHOOLHOME_TEST_SCALE of 20 or more makes it twenty times, with three hundred who write.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Most = 20;
    private static readonly int Writers = Fixed.Scale >= Most ? 300 : 50;
    private const int MostOnSheet = 35;

    // On which child's page, in which section, as whom.
    private static readonly (string Student, string Section, string Card)[] Places =
    [
        (DemoSchool.Child, "results", "class-teacher"),
        (DemoSchool.Child, "words", "mother"),
        (DemoSchool.Child, "words", "father"),
        (DemoSchool.Child, "answer", "class-teacher"),
        (DemoSchool.Child, "study-at-home", "student"),
        (DemoSchool.Child, "study-at-home", "grandfather"),
        (DemoSchool.Child, "answer", "subject-teacher"),
        (DemoSchool.OtherChild, "words", "other-father"),
        (DemoSchool.OtherChild, "school-day", "class-teacher"),
        ("2026320293", "words", "two-children"),
        ("2026320307", "study-at-home", "two-children"),
        (DemoSchool.OtherChild, "school-day", "subject-teacher"),
    ];

    [Fact]
    public async Task C3_after_a_SIGKILL_while_many_write_every_acknowledged_edit_is_there_exactly_once()
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
        var writers = Enumerable.Range(0, Writers).Select(i => new Writer($"writer-{i:000}", Places[i % Places.Length], day, dice.Next())).ToArray();
        SheetWriter[] sheetWriters = [new(people["class-teacher"], "数学", day), new(people["subject-teacher"], "英语", day)];
        try
        {
            foreach (var writer in writers)
                await writer.Connect(people);

            // Killed after so many acknowledgements: at another moment in each round, and under way in any case.
            var enough = dice.Next(300, 1500);
            using var killing = new CancellationTokenSource();
            var typing = writers.Select(writer => Task.Run(() => writer.Type(killing.Token))).Concat(sheetWriters.Select(writer => Task.Run(() => writer.Write(killing.Token)))).ToArray();
            await Eventually.TrueAsync(() => Task.FromResult(writers.Sum(writer => writer.Section.Acknowledged) >= enough), TimeSpan.FromMinutes(2), $"{enough} acknowledgements");
            await killing.CancelAsync();
            await web.KillAsync();
            await Task.WhenAll(typing);
            Assert.All(writers, writer => Assert.Null(writer.Refusal));
            await web.StartAgainAsync();

            var (acknowledged, made) = (writers.Sum(writer => writer.Section.Acknowledged), writers.Sum(writer => writer.Made));
            Assert.True(made > acknowledged, "Nothing was under way when the process was killed.");
            await Verify(people, day, writers, afterRepeating: false);
            await VerifySheet(people["mother"], day, sheetWriters, afterRepeating: false);

            // The signed-in cookies are good for the new process; whoever was not answered repeats with the same ids.
            await Task.WhenAll(writers.Select(async writer =>
            {
                await writer.Connect(people);
                await writer.Section.UntilConfirmed();
            }));
            await Verify(people, day, writers, afterRepeating: true);
            foreach (var writer in sheetWriters)
                await writer.Repeat();
            await VerifySheet(people["mother"], day, sheetWriters, afterRepeating: true);
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
        var students = Places.Select(place => place.Student).Distinct().ToArray();
        var filled = new Dictionary<string, string>();
        foreach (var student in students)
            filled[student] = Filled((await teacher.Get($"/api/book/pages/s01/{student}/{DemoSchool.Written(day)}")).Is(HttpStatusCode.OK).Json);
        var sheet = (await Sheet(teacher, day))["items"]!.AsArray();

        // What a page owed the class's day when the process was killed is delivered afterwards.
        JsonNode view = null!;
        await Eventually.TrueAsync(
            async () =>
            {
                view = (await teacher.Get($"/api/book/days/s01/{DemoSchool.Class}/{DemoSchool.Written(day)}")).Is(HttpStatusCode.OK).Json;
                return students.All(student => Words(Child(view, student)["filled"]!) == filled[student]) && Words(view["sheetFilled"]!) == "homework" && (int)view["tickable"]! == sheet.Count;
            },
            TimeSpan.FromSeconds(30),
            "the class's day to say what the pages say");
        Assert.All(view["children"]!.AsArray().Where(child => !students.Contains((string)child!["student"]!)), child => Assert.Empty(child!["filled"]!.AsArray()));
    }

    private static async Task VerifySheet(Person reader, DateOnly day, SheetWriter[] writers, bool afterRepeating)
    {
        var items = (await Sheet(reader, day))["items"]!.AsArray().Select(item => (string)item!["text"]!).ToList();
        foreach (var writer in writers)
        {
            Assert.True(writer.Acknowledged > 0);
            for (var n = 0; n < writer.Made; n++)
            {
                var times = items.Count(text => text == writer.TextOf(n));
                Assert.True(afterRepeating || n < writer.Acknowledged ? times == 1 : times <= 1, $"{writer.TextOf(n)}: {times} times, acknowledged up to {writer.Acknowledged}");
            }
        }

        Assert.True(items.Count <= writers.Sum(writer => writer.Made));
    }

    private static async Task<JsonNode> Sheet(Person reader, DateOnly day) => (await reader.Get($"/api/book/sheets/s01/{DemoSchool.Class}/{DemoSchool.Written(day)}")).Is(HttpStatusCode.OK).Json;

    private static JsonNode Child(JsonNode day, string student) => day["children"]!.AsArray().Single(child => (string?)child!["student"] == student)!;

    private static string Filled(JsonNode document) =>
        string.Join(',', document["sections"]!.AsArray().Where(section => ((string)section!["text"]!).Length > 0).Select(section => (string)section!["section"]!));

    private static string Words(JsonNode words) => string.Join(',', words.AsArray().Select(word => (string)word!));

    /// <summary>A teacher who gives homework, one item after another.</summary>
    private sealed class SheetWriter(Person teacher, string subject, DateOnly day)
    {
        private readonly List<Guid> _operations = [];

        public int Made => _operations.Count;

        public int Acknowledged { get; private set; }

        public string TextOf(int n) => $"{subject}作业{n}";

        /// <summary>Writes until the process is killed, or the sheet would be full.</summary>
        public async Task Write(CancellationToken killing)
        {
            try
            {
                while (Made < MostOnSheet && !killing.IsCancellationRequested)
                {
                    _operations.Add(Guid.NewGuid());
                    if ((await Send(Made - 1)).Status is HttpStatusCode.OK)
                        Acknowledged = Made;
                    else
                        return;
                }
            }
            catch (HttpRequestException) when (killing.IsCancellationRequested)
            {
                // The process was killed; what was not answered is repeated later.
            }
        }

        public async Task Repeat()
        {
            for (var n = 0; n < Made; n++)
                Assert.Equal($"{_operations[n]:N}-0", (string?)(await Send(n)).Is(HttpStatusCode.OK).Json["items"]![0]);
        }

        private Task<Reply> Send(int n) => teacher.Post(
            $"/api/book/sheets/s01/{DemoSchool.Class}/{DemoSchool.Written(day)}/items", new { items = new[] { new { kind = "homework", subject, text = TextOf(n) } } }, _operations[n]);
    }

    private sealed class Writer(string name, (string Student, string Section, string Card) place, DateOnly day, int seed) : IAsyncDisposable
    {
        private readonly Random _dice = new(seed);
        private LiveClient? _live;

        public string Name => name;

        public string Card => place.Card;

        public int Made { get; private set; }

        public string? Refusal { get; private set; }

        public SharedSection Section { get; } = new(DemoSchool.Page(place.Student, day), place.Section, name);

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
