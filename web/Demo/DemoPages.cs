using System.Text.Json;
using SchoolHome.CoEditing;
using SchoolHome.ContactBook;
using SchoolHome.Live;
using SchoolHome.People;
using SchoolHome.School;

namespace SchoolHome.Web.Demo;

/// <summary>Two weeks of the demo class's contact book, written by the same commands that a browser sends. What is there already is left as it is.</summary>
internal sealed partial class DemoPages(IGrainFactory actors, ILogger<DemoPages> logger)
{
    private const int SchoolDays = 10;

    private static readonly string[][] Homework =
    [
        ["语文：背诵《富饶的西沙群岛》第2自然段", "数学：练习册第42页", "英语：朗读 Unit 4 对话三遍"],
        ["语文：写一篇观察日记（200字）", "数学：口算题卡第15页", "英语：抄写 Unit 4 单词"],
        ["语文：预习《海滨小城》，圈出生字", "数学：第43页 1～4 题", "科学：观察一片树叶并画下来"],
        ["语文：听写第六单元词语", "数学：订正单元卷，家长看一看", "英语：听录音 10 分钟"],
        ["语文：周末读书 30 分钟，写一句感想", "数学：数学日记一篇", "劳动：帮家里做一件事"],
    ];

    private static readonly string[] Notices = ["明天有体育课，请穿运动鞋。", "周五带一盒彩笔。", "天气转凉，请给孩子带一件外套。", "本周读书角换新书，欢迎捐书。"];

    private static readonly string[] AtSchool =
    [
        "上课专心，主动举手发言两次。", "作业书写工整，有进步。", "课间和同学相处很好，午饭吃得香。", "今天有点走神，提醒后改得很快。", "朗读声音响亮，得到全班掌声。", "主动帮同学整理图书角。",
    ];

    private static readonly string[] AtHome =
    [
        "作业 40 分钟完成，口算全对。", "朗读三遍，听写错了两个字，已订正。", "读《安徒生童话》半小时，讲给家人听。", "英语对话背熟了，发音还要练。", "自己整理了书包，晚上九点睡觉。",
    ];

    private static readonly string[] Words =
    [
        "谢谢老师，孩子最近更爱说学校的事了。", "孩子有点咳嗽，请老师提醒多喝水。", "数学应用题还不太会，请老师多留意。", "明天下午由奶奶来接。",
    ];

    public async Task Write(CancellationToken stopping)
    {
        var school = actors.GetGrain<ISchoolGrain>(DemoSchool.School.ToString());
        var today = await school.Today();
        var profile = await school.Profile();
        // The class of the child on the cards, whatever year it is: classes are called by when they began.
        if (profile is null || await actors.GetGrain<IStudentGrain>(DemoSchool.Child.ToString()).Profile() is not { Class: { } @class }
            || await actors.GetGrain<IClassGrain>(@class.ToString()).Roster() is not { } roster)
            return;

        var first = roster.Teachers.First(teacher => teacher.Duty == DutyKind.ClassTeacher);
        var teacher = new Participant(await AccountOf(first.Teacher), first.Name, ParticipantRole.ClassTeacher, null);
        var written = 0;
        foreach (var day in DaysUpTo(today).Where(day => profile.TermOf(day) is not null))
        {
            stopping.ThrowIfCancellationRequested();
            written += await WriteDay(day, day == today, teacher, roster);
        }

        LogWritten(logger, written);
    }

    private async Task<int> WriteDay(DateOnly day, bool isToday, Participant teacher, ClassRoster roster)
    {
        var sheet = new ClassSheetId(roster.Class.School, roster.Class.Class, day);
        var view = await actors.GetGrain<IClassSheetGrain>(sheet.ToString()).View();
        if (view.Sections.Any(section => section.Version > 0))
            return 0;

        var seed = day.DayNumber;
        var written = 0;
        foreach (var (student, at) in roster.Students.Select((student, at) => (student.Student, at)))
        {
            var dice = new Random((seed * 1000) + at);
            var page = new BookPageId(student.School, student.Number, day).ToString();
            var child = await actors.GetGrain<IStudentGrain>(student.ToString()).Profile();
            var guardian = child!.Guardians[dice.Next(child.Guardians.Length)];
            var parent = new Participant(guardian.Guardian?.Opaque ?? $"demo-{student.Number}-{guardian.Entry}", guardian.Name, ParticipantRole.Guardian, guardian.Relation);

            // Today is only begun: something is left to do for whoever tries the demo.
            if (dice.NextDouble() < (isToday ? 0.25 : 0.9))
                written += await Push(page, "school-day", teacher, AtSchool[dice.Next(AtSchool.Length)]);
            if (dice.NextDouble() < (isToday ? 0.1 : 0.8))
                written += await Push(page, "study-at-home", parent, AtHome[dice.Next(AtHome.Length)]);
            if (dice.NextDouble() < (isToday ? 0.05 : 0.25))
                written += await Push(page, "words", parent, Words[dice.Next(Words.Length)]);
        }

        if (day.DayOfWeek is DayOfWeek.Monday or DayOfWeek.Thursday)
            written += await Push(sheet.ToString(), "notices", teacher, Notices[seed % Notices.Length]);

        // Last, for it is what says that the day is written.
        return written + await Push(sheet.ToString(), "homework", teacher, Homework[seed % Homework.Length]);
    }

    // One push of a tab that belongs to this day and section: pushed again after a start that was cut short, it has no second effect.
    private async Task<int> Push(string topic, string section, Participant writer, params string[] lines)
    {
        object[] insertion = [0, .. lines];
        var change = JsonSerializer.Serialize(new[] { insertion }, LiveJson.Options);
        var answer = await LiveTopics.Document(actors, topic)!.PushText(new TextPush(section, 0, $"demo-{section}", 1, [new ChangeSetJson(change)]), writer);
        return answer.IsDone ? 1 : 0;
    }

    private async Task<string> AccountOf(TeacherId teacher) =>
        (await actors.GetGrain<ITeacherGrain>(teacher.ToString()).Profile())?.Account?.Opaque ?? $"demo-{teacher.Number}";

    private static List<DateOnly> DaysUpTo(DateOnly today)
    {
        var days = new List<DateOnly> { today };
        for (var day = today.AddDays(-1); days.Count <= SchoolDays; day = day.AddDays(-1))
        {
            if (day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday))
                days.Add(day);
        }

        return days;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The demo class has written {Count} entries")]
    private static partial void LogWritten(ILogger logger, int count);
}
