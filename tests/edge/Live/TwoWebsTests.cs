using System.Diagnostics;
using System.Net;
using SchoolHome.Tests.Infrastructure;
using Xunit.Abstractions;
using static SchoolHome.Tests.Edge.Live.TopicTests;

namespace SchoolHome.Tests.Edge.Live;

/// <summary>Two silos and two web processes on PostgreSQL: losing any one of them loses nothing, and is noticed for seconds at most.</summary>
[Collection(PostgresCollection.Name)]
public sealed class TwoWebsTests(PostgresServer server, ITestOutputHelper output)
{
    private static readonly TimeSpan Seconds = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Two_people_on_different_webs_go_on_writing_when_the_silo_of_their_page_is_killed_and_then_a_web()
    {
        await using var deployment = await Deployment.StartAsync(server);
        using var mother = await Person.Visit(deployment.Webs[0].Address);
        _ = (await mother.SignInByCard("mother")).Is(HttpStatusCode.OK);
        using var father = await Person.Visit(deployment.Webs[1].Address);
        _ = (await father.SignInByCard("father")).Is(HttpStatusCode.OK);
        // Signed in on one web is known on the other.
        using var motherElsewhere = mother.At(deployment.Webs[1].Address);
        Assert.Equal(mother.Account, (string?)(await motherElsewhere.SessionView())["account"]!["id"]);

        var today = (string)(await mother.SessionView())["school"]!["today"]!;
        var topic = $"page/s01/{DemoSchool.Child}/{today}";
        await using var first = await mother.ConnectLive();
        await using var second = await father.ConnectLive();
        var (home, desk) = (new SharedSection(topic, "words", "home-tab"), new SharedSection(topic, "words", "father-tab"));
        await home.Open(first);
        await desk.Open(second);
        var (atHome, atDesk) = (new Typist(home, "home", 1), new Typist(desk, "desk", 2));
        atHome.Begin();
        atDesk.Begin();
        await BothSeeBoth("before anything is killed");

        var silo = await deployment.SiloOf(topic);
        var clock = Stopwatch.StartNew();
        await silo.KillAsync();
        await BothSeeBoth("after the silo of the page was killed");
        output.WriteLine($"The silo of the page was killed: after {clock.Elapsed.TotalSeconds:0.0} s both went on and saw each other's writing.");

        Assert.Null(await atHome.End());
        clock.Restart();
        await deployment.Webs[0].KillAsync();
        await first.UntilClosed("its web process was killed");
        await atDesk.UntilAcknowledged(atDesk.Acknowledged + 1, "the other web goes on");
        await using var third = await motherElsewhere.ConnectLive();
        await home.Open(third);
        atHome.Begin();
        await BothSeeBoth("after a web was killed");
        output.WriteLine($"A web was killed: after {clock.Elapsed.TotalSeconds:0.0} s its person wrote on the other one.");

        Assert.Null(await atHome.End());
        Assert.Null(await atDesk.End());
        await home.UntilConfirmed();
        await desk.UntilConfirmed();
        await home.UntilVersion(desk.Version);
        await desk.UntilVersion(home.Version);
        var stored = Section(Ok(await third.Join(topic))["view"]!, "words");
        var tokens = Tokens.In((string)stored["text"]!);
        Assert.Equal(home.Text, (string?)stored["text"]);
        Assert.Equal(desk.Text, (string?)stored["text"]);
        foreach (var (typist, name) in new[] { (atHome, "home"), (atDesk, "desk") })
            Assert.All(Enumerable.Range(1, typist.Made), n => Assert.Equal(1, tokens.GetValueOrDefault(Tokens.Of(name, n))));

        async Task BothSeeBoth(string when)
        {
            var (fromHome, fromDesk) = (Tokens.Of("home", atHome.Made + 1) + "\n", Tokens.Of("desk", atDesk.Made + 1) + "\n");
            try
            {
                await Eventually.TrueAsync(
                    () => Task.FromResult(home.Text.Contains(fromDesk, StringComparison.Ordinal) && desk.Text.Contains(fromHome, StringComparison.Ordinal)),
                    Seconds,
                    $"both to see what the other writes {when}");
            }
            catch (TimeoutException exception)
            {
                throw new TimeoutException($"{exception.Message} {atHome}; {atDesk}.", exception);
            }
        }
    }

    /// <summary>Somebody who types about ten times a second, until told to stop or refused.</summary>
    private sealed class Typist(SharedSection section, string name, int seed)
    {
        private readonly Random _dice = new(seed);
        private CancellationTokenSource _stop = new();
        private Task<string?> _typing = Task.FromResult<string?>(null);

        public int Made { get; private set; }

        public int Acknowledged => section.Acknowledged;

        public override string ToString() => $"{name} made {Made}, {Acknowledged} acknowledged, {(_typing.IsCompleted ? "has stopped" : "writes")}";

        public void Begin()
        {
            _stop = new CancellationTokenSource();
            _typing = Task.Run(Type);
        }

        /// <summary>Stops. Answers why it stopped by itself before, or null.</summary>
        public async Task<string?> End()
        {
            await _stop.CancelAsync();
            return await _typing;
        }

        public Task<TimeSpan> UntilAcknowledged(int updates, string why) => Eventually.TrueAsync(() => Task.FromResult(Acknowledged >= updates), Seconds, why);

        private async Task<string?> Type()
        {
            using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
            while (!_stop.IsCancellationRequested)
            {
                Tokens.Type(section, name, ++Made, _dice);
                if (await section.Push() is { } code && code is not ("unknown-outcome" or "too-fast"))
                    return code;
                _ = await pace.WaitForNextTickAsync();
            }

            return null;
        }
    }
}
