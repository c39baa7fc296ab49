using System.Net;
using SchoolHome.Tests.Infrastructure;
using static SchoolHome.Tests.Edge.Live.TopicTests;

namespace SchoolHome.Tests.Edge.Live;

/// <summary>What somebody may see changes while they are looking: rule L2.</summary>
[Collection(DemoSchoolCollection.Name)]
public sealed class StandingTests(DemoSchool school)
{
    [Fact]
    public async Task L2_a_guardian_whose_access_ends_loses_page_and_sheet_at_once()
    {
        var day = school.FreshDay();
        var account = await school.OpenAccountForGuardian();
        var (page, sheet) = (DemoSchool.Page(account.Student, day), DemoSchool.Sheet(day));
        using var guardian = await school.SignInByPassword(account.Login, account.Password);
        using var teacher = await school.SignInAs("class-teacher");
        await using var home = await guardian.ConnectLive();
        await using var desk = await teacher.ConnectLive();
        foreach (var topic in new[] { page, sheet })
        {
            _ = Ok(await home.Join(topic));
            _ = Ok(await desk.Join(topic));
        }

        await school.EndAccess(account);
        foreach (var topic in new[] { page, sheet })
            await home.Until(live => live.Frames(topic).Any(frame => (string?)frame["removed"] == "not-found"), $"{topic} to be taken away");
        _ = Ok(await desk.PushText(page, "answer", 0, "teacher-tab", 1, """[[0,"只给家人"]]"""));
        _ = await teacher.AddToSheet(day, "作业");
        await desk.UntilEvent(page, 1);
        await desk.UntilEvent(sheet, 1);

        Assert.Equal("not-joined", (string?)(await home.PushText(page, "words", 0, "guardian-tab", 1, """[[0,"我还在"]]"""))["code"]);
        Assert.Equal("not-joined", (string?)(await home.TextSince(page, "words", 0))["code"]);
        Assert.Equal("not-found", (string?)(await home.Join(page))["code"]);
        Assert.Equal("not-found", (string?)(await home.Join(sheet))["code"]);
        // The answers above came after everything that was sent before them.
        Assert.Empty(home.Events(page));
        Assert.Empty(home.Events(sheet));
        Assert.True(home.IsOpen);
    }

    [Fact]
    public async Task L2_a_teacher_who_loses_a_class_loses_its_topics_and_keeps_the_others()
    {
        var day = school.FreshDay();
        using var teacher = await school.SignInAs("subject-teacher");
        using var office = await school.SignInAs("administrator");
        await using var desk = await teacher.ConnectLive();
        string[] lost = [DemoSchool.Page(DemoSchool.Child, day), DemoSchool.Sheet(day), DemoSchool.ClassDay(day)];
        string[] kept = [DemoSchool.Sheet(day, DemoSchool.ClassOf(3, 1)), DemoSchool.ClassDay(day, DemoSchool.ClassOf(3, 1))];
        foreach (var topic in lost.Concat(kept))
            _ = Ok(await desk.Join(topic));

        try
        {
            _ = (await office.Post($"/api/people/s01/staff/t029/duties/{DemoSchool.Class}/end")).Is(HttpStatusCode.NoContent);

            foreach (var topic in lost)
                await desk.Until(live => live.Frames(topic).Any(frame => frame.ContainsKey("removed")), $"{topic} to be taken away");
            Assert.Equal("not-joined", (string?)(await desk.PushText(lost[0], "answer", 0, "teacher-tab", 1, """[[0,"我"]]"""))["code"]);
            foreach (var topic in kept)
                Assert.DoesNotContain(desk.Frames(topic), frame => frame.ContainsKey("removed"));
            _ = await teacher.AddToSheet(day, "作业", "英语", DemoSchool.ClassOf(3, 1));
        }
        finally
        {
            _ = (await office.Put($"/api/people/s01/staff/t029/duties/{DemoSchool.Class}", new { kind = "subjectTeacher", subjects = new[] { "英语" } })).Is(HttpStatusCode.NoContent);
        }

        // Given back, the class is open again.
        await Eventually.TrueAsync(async () => (bool)(await desk.Join(lost[0]))["ok"]!, TimeSpan.FromSeconds(20), "the class to be the teacher's again");
    }

    [Fact]
    public async Task L2_signing_out_everywhere_closes_every_live_connection_of_the_account_and_no_other()
    {
        var account = await school.OpenAccountForGuardian();
        using var here = await school.SignInByPassword(account.Login, account.Password);
        using var there = await school.SignInByPassword(account.Login, account.Password);
        using var mother = await school.SignInAs("mother");
        await using var first = await here.ConnectLive();
        await using var second = await there.ConnectLive();
        await using var other = await mother.ConnectLive();

        _ = (await here.Post("/api/session/sign-out-everywhere")).Is(HttpStatusCode.NoContent);

        await first.UntilClosed("signed out everywhere");
        await second.UntilClosed("signed out everywhere");
        Assert.True(other.IsOpen);
        _ = await Assert.ThrowsAnyAsync<Exception>(there.ConnectLive);
    }

    [Fact]
    public async Task L2_a_changed_password_closes_the_live_connections_of_the_other_sessions()
    {
        var account = await school.OpenAccountForGuardian();
        using var here = await school.SignInByPassword(account.Login, account.Password);
        using var there = await school.SignInByPassword(account.Login, account.Password);
        await using var elsewhere = await there.ConnectLive();

        _ = (await here.Put("/api/session/password", new { currentPassword = account.Password, newPassword = "another kettle 52 moss" })).Is(HttpStatusCode.NoContent);

        await elsewhere.UntilClosed("the password was changed");
        await using var anew = await here.ConnectLive();
        _ = Ok(await anew.Join(DemoSchool.Page(account.Student, school.Today)));
    }

    [Fact]
    public async Task L2_a_foreign_guardian_gets_no_page_no_event_and_no_word_in()
    {
        var day = school.FreshDay();
        var (page, own) = (DemoSchool.Page(DemoSchool.Child, day), DemoSchool.Page(DemoSchool.OtherChild, day));
        using var mother = await school.SignInAs("mother");
        using var stranger = await school.SignInAs("other-father");
        await using var home = await mother.ConnectLive();
        await using var foreign = await stranger.ConnectLive();
        _ = Ok(await home.Join(page));

        Assert.Equal("not-found", (string?)(await foreign.Join(page))["code"]);
        Assert.Equal("not-joined", (string?)(await foreign.PushText(page, "words", 0, "foreign-tab", 1, """[[0,"你好"]]"""))["code"]);
        Assert.Equal("not-joined", (string?)(await foreign.TextSince(page, "words", 0))["code"]);
        await foreign.Mark(page, new { clientId = "foreign-tab", section = "words", version = 0, anchor = 0, head = 0 });
        _ = Ok(await foreign.Join(own));
        _ = Ok(await home.PushText(page, "words", 0, "mother-tab", 1, """[[0,"悄悄话"]]"""));
        await home.UntilEvent(page, 1);
        _ = Ok(await foreign.PushText(own, "words", 0, "foreign-tab", 1, """[[0,"自家的"]]"""));
        await foreign.UntilEvent(own, 1);

        Assert.Empty(foreign.Frames(page));
        Assert.Empty(home.Marks(page));
        Assert.Equal("悄悄话", (string?)Section(Ok(await home.Join(page))["view"]!, "words")["text"]);
    }

    [Fact]
    public async Task L2_the_topic_of_an_account_is_for_web_processes_only()
    {
        using var mother = await school.SignInAs("mother");
        await using var live = await mother.ConnectLive();

        Assert.Equal("not-found", (string?)(await live.Join($"account/{mother.Account}"))["code"]);
    }
}
