using System.Diagnostics;
using SchoolHome.Tests.Infrastructure;
using Xunit.Abstractions;

namespace SchoolHome.Tests.Browser.Hosting;

/// <summary>Two silos and two web processes on PostgreSQL, as two people see them.</summary>
public sealed class DeploymentTests(Chromium chromium, DemoServer demo, ITestOutputHelper output) : BrowserTest(chromium, demo)
{
    private const string Words = "words";

    [Fact]
    public async Task Two_people_on_different_webs_go_on_writing_when_the_silo_of_their_page_is_killed()
    {
        var server = new PostgresServer();
        await server.InitializeAsync();
        try
        {
            await using var deployment = await Deployment.StartAsync(server);
            await WriteThroughTheLossOfASilo(deployment);
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    private async Task WriteThroughTheLossOfASilo(Deployment deployment)
    {
        var day = Demonstration.NewDay();
        var mother = await SignedInAt(deployment.Webs[0].Address, "mother");
        var father = await SignedInAt(deployment.Webs[1].Address, "father", Device.Desktop);
        var byMother = await mother.OpenPage(Demo.Child, day, Words);
        var byFather = await father.OpenPage(Demo.Child, day, Words);

        // Signed in on one web is known on the other: its keys are shared.
        var elsewhere = await mother.NewTab(deployment.Webs[1].Address);
        await elsewhere.OpenPage(Demo.Child, day);
        _ = await elsewhere.Section(Words);
        await elsewhere.Page.CloseAsync();

        await byMother.Type("一");
        await byFather.Shows("一");
        await byFather.GoToEnd();
        await byFather.Type("二");
        await byMother.Shows("一二");
        await byMother.IsDelivered();
        await mother.MarkDocument();
        await father.MarkDocument();

        var silo = await deployment.SiloOf(Demo.PageTopic(Demo.Child, day));
        var clock = Stopwatch.StartNew();
        await silo.KillAsync();
        await byMother.GoToEnd();
        await byFather.GoToEnd();
        await Task.WhenAll(byMother.Type("abcdefghij", 50), byFather.Type("ABCDEFGHIJ", 50));
        await byMother.Shows(text => text.Length == 22, "all that both wrote", Patience.Long);
        await byFather.Shows(text => text.Length == 22, "all that both wrote", Patience.Long);
        output.WriteLine($"The silo of the page was killed: after {clock.Elapsed.TotalSeconds:0.0} s both saw all that both wrote meanwhile.");
        await byMother.IsDelivered(Patience.Long);
        await byFather.IsDelivered(Patience.Long);

        var stored = await mother.StoredText(Demo.Child, day, Words);
        Assert.StartsWith("一二", stored, StringComparison.Ordinal);
        Assert.Equal("abcdefghij", string.Concat(stored.Where(char.IsLower)));
        Assert.Equal("ABCDEFGHIJ", string.Concat(stored.Where(char.IsUpper)));
        await byMother.Shows(stored);
        await byFather.Shows(stored);
        await mother.HasNotReloaded();
        await father.HasNotReloaded();
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(45), $"Going on took {clock.Elapsed.TotalSeconds:0} s.");
    }
}
