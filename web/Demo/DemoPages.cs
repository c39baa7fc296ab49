using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SchoolHome.CoEditing;
using SchoolHome.ContactBook;
using SchoolHome.Live;
using SchoolHome.People;
using SchoolHome.School;

namespace SchoolHome.Web.Demo;

/// <summary>Two weeks of the demo class's contact book, written by the same commands that a browser sends. What is there already is left as it is.</summary>
internal sealed partial class DemoPages(IGrainFactory actors, TimeProvider clock, ILogger<DemoPages> logger)
{
    private const int SchoolDays = 10;

    // By subject, as the class has it; what nobody teaches there is the class teacher's.
    private static readonly (string Subject, string Text)[][] Homework =
    [
        [("语文", "背诵《富饶的西沙群岛》第2自然段"), ("数学", "练习册第42页"), ("英语", "朗读 Unit 4 对话三遍")],
        [("语文", "写一篇观察日记（200字）"), ("数学", "口算题卡第15页"), ("英语", "抄写 Unit 4 单词")],
        [("语文", "预习《海滨小城》，圈出生字"), ("数学", "第43页 1～4 题"), ("科学", "观察一片树叶并画下来")],
        [("语文", "听写第六单元词语"), ("数学", "订正单元卷，家长看一看"), ("英语", "听录音 10 分钟")],
        [("语文", "周末读书 30 分钟，写一句感想"), ("数学", "数学日记一篇"), ("劳动", "帮家里做一件事")],
    ];

    private static readonly string[] Notices = ["明天有体育课，请穿运动鞋。", "这周每天课间量体温，请孩子配合。", "天气转凉，请给孩子带一件外套。", "本周读书角换新书，欢迎捐书。"];

    private static readonly string[] Bring = ["彩笔一盒（美术课用）", "跳绳", "口算题卡和红笔", "一片压平的树叶"];

    private const string Fee = "秋季社会实践每人 35 元，自愿参加，周五前交给班主任。";

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

    private static readonly string[] Answers = ["好的，我会留意。", "今天多喝了两杯水，咳嗽好些了。", "明天课后我再给孩子讲一遍。", "收到，我会看着孩子被接走。"];

    private static readonly string[] Results = ["听写 20/20。", "口算 38/40，错的已订正。", "单元练习：优。", "课堂小测：良，应用题要再练。"];

    public async Task Write(CancellationToken stopping)
    {
        var school = actors.GetGrain<ISchoolGrain>(DemoSchool.School.ToString());
        var today = await school.Today();
        var profile = await school.Profile();
        // The class of the child on the cards, whatever year it is: classes are called by when they began.
        if (profile is null || await actors.GetGrain<IStudentGrain>(DemoSchool.Child.ToString()).Profile() is not { Class: { } @class }
            || await actors.GetGrain<IClassGrain>(@class.ToString()).Roster() is not { } roster)
            return;

        var authors = await Task.WhenAll(roster.Teachers.Select(Author));
        var teacher = authors[0].Who;
        var written = 0;
        foreach (var day in DaysUpTo(today).Where(day => profile.TermOf(day) is not null))
        {
            stopping.ThrowIfCancellationRequested();
            written += await WriteDay(day, day == today, teacher, roster, authors);
        }

        await Prepare(new SheetDraftId(@class.School, @class.Class, today), profile, authors[0]);
        LogWritten(logger, written);
    }

    private async Task<int> WriteDay(DateOnly day, bool isToday, Participant teacher, ClassRoster roster, SheetAuthor[] authors)
    {
        var sheet = new ClassSheetId(roster.Class.School, roster.Class.Class, day);
        // First, because families tick what is on it, and sign that they have seen it; so it says that the day is written. A start that was cut short leaves one day of which some pages are empty, as pages are.
        // A demo from before sheets were made of items has texts.
        var view = await actors.GetGrain<IClassSheetGrain>(sheet.ToString()).View();
        if (view.Sections.Any(section => section.Version > 0) || view.Version > 0)
            return 0;

        var written = await WriteSheet(sheet, authors);
        var items = (await actors.GetGrain<IClassSheetGrain>(sheet.ToString()).View()).Items;
        // All pages of a day at once: what waits at one moment is stored together.
        return written + (await Task.WhenAll(roster.Students.Select((student, at) => WritePage(student.Student, day, isToday, teacher, items, new Random((day.DayNumber * 1000) + at))))).Sum();
    }

    private async Task<int> WritePage(StudentId student, DateOnly day, bool isToday, Participant teacher, ImmutableArray<SheetItemView> items, Random dice)
    {
        var topic = new BookPageId(student.School, student.Number, day).ToString();
        var page = actors.GetGrain<IBookPageGrain>(topic);
        var child = (await actors.GetGrain<IStudentGrain>(student.ToString()).Profile())!;
        var guardian = child.Guardians[dice.Next(child.Guardians.Length)];
        var parent = new Participant(guardian.Guardian?.Opaque ?? $"demo-{student.Number}-{guardian.Entry}", guardian.Name, ParticipantRole.Guardian, guardian.Relation);
        var self = new Participant(child.Account?.Opaque ?? $"demo-{student.Number}", child.Name, ParticipantRole.Student, null);
        var written = 0;

        // At school. Today is only begun: something is left to do for whoever tries the demo.
        if (dice.NextDouble() < (isToday ? 0.25 : 0.9))
        {
            written += await Push(topic, "school-day", teacher, AtSchool[dice.Next(AtSchool.Length)]);
            written += Count(await page.SetMarks([.. QuickMarks.Known.Select(mark => new SetMark(mark, Level(dice)))], teacher));
        }

        if (dice.NextDouble() < (isToday ? 0 : 0.3))
            written += await Push(topic, "results", teacher, Results[dice.Next(Results.Length)]);

        // In the evening at home: whoever does homework ticks it, and most sign.
        foreach (var item in items.Where(item => item.Kind is SheetItemKind.Homework or SheetItemKind.Bring))
        {
            if (dice.NextDouble() < (isToday ? 0.1 : 0.9))
                written += Count(await page.Tick(item.Item, ticked: true, self));
        }

        if (dice.NextDouble() < (isToday ? 0.1 : 0.8))
            written += await Push(topic, "study-at-home", parent, AtHome[dice.Next(AtHome.Length)]);
        var asks = dice.NextDouble() < (isToday ? 0.05 : 0.25);
        if (asks)
            written += await Push(topic, "words", parent, Words[dice.Next(Words.Length)]);
        if (isToday)
            return written;

        if (dice.NextDouble() < 0.95)
            written += await Sign(page, self);
        if (dice.NextDouble() < 0.88)
            written += await Sign(page, parent);

        // The next morning the class teacher answers what was asked, and signs.
        if (asks && dice.NextDouble() < 0.7)
            written += await Push(topic, "answer", teacher, Answers[dice.Next(Answers.Length)]);
        return written + (dice.NextDouble() < 0.93 ? await Sign(page, teacher) : 0);
    }

    // As they see the page then. Somebody else does not write meanwhile: each page is written by one of us, in order.
    private async Task<int> Sign(IBookPageGrain page, Participant by)
    {
        if (await page.View() is not { } seen)
            return 0;

        var sheet = await actors.GetGrain<IClassSheetGrain>(seen.SheetTopic).View();
        var versions = seen.Sections.ToImmutableSortedDictionary(section => section.Section, section => section.Version, StringComparer.Ordinal);
        return Count(await page.Sign(new SignPage(Operation($"{seen.Topic} {by.Id}"), new SeenVersions(versions, seen.Entries, sheet.Version)), by));
    }

    private static MarkLevel Level(Random dice) => dice.NextDouble() switch
    {
        < 0.75 => MarkLevel.Good,
        < 0.95 => MarkLevel.Fair,
        _ => MarkLevel.Care,
    };

    private static int Count<T>(Answer<T> answer) => answer.IsDone ? 1 : 0;

    private async Task<int> WriteSheet(ClassSheetId sheet, SheetAuthor[] authors)
    {
        var seed = sheet.Day.DayNumber;
        var items = Homework[seed % Homework.Length].Select(one => new NewSheetItem(SheetItemKind.Homework, one.Subject, one.Text)).ToList();
        if (sheet.Day.DayOfWeek is DayOfWeek.Monday or DayOfWeek.Thursday)
            items.Add(new(SheetItemKind.Notices, null, Notices[seed % Notices.Length]));
        if (sheet.Day.DayOfWeek is not DayOfWeek.Friday)
            items.Add(new(SheetItemKind.Bring, null, Bring[seed % Bring.Length]));
        if (seed % 8 == 0)
            items.Add(new(SheetItemKind.Fees, null, Fee));

        // Each by whoever teaches it; the class teacher, who comes first among the teachers, writes the rest.
        var classTeacher = authors[0];
        var written = 0;
        foreach (var author in authors.Skip(1))
        {
            ImmutableArray<NewSheetItem> theirs = [.. items.Where(item => item.Subject is { } subject && author.Subjects.Contains(subject) && !classTeacher.Subjects.Contains(subject))];
            items.RemoveAll(theirs.Contains);
            written += theirs.IsEmpty ? 0 : await Add(sheet, Operation($"{sheet} {author.Who.Name}"), theirs, author);
        }

        return written + await Add(sheet, Operation(sheet.ToString()), [.. items], classTeacher);
    }

    private async Task<int> Add(ClassSheetId sheet, Guid operation, ImmutableArray<NewSheetItem> items, SheetAuthor author) =>
        (await actors.GetGrain<IClassSheetGrain>(sheet.ToString()).AddItems(operation, items, author)).IsDone ? items.Length : 0;

    // Something that families do not see yet: the class teacher has prepared it for this afternoon, or for the evening when it is later than that.
    private async Task Prepare(SheetDraftId id, SchoolProfile school, SheetAuthor classTeacher)
    {
        var draft = actors.GetGrain<ISheetDraftGrain>(id.ToString());
        await draft.AddItems(
            Operation(id.ToString()),
            [new(SheetItemKind.Notices, null, "明天下午第三节课开班会，主题是“我会整理书包”。"), new(SheetItemKind.Bring, null, "垃圾袋一个（大扫除用）")], classTeacher);

        var now = TimeZoneInfo.ConvertTime(clock.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById(school.TimeZone));
        if (now.Hour < 20)
            await draft.Schedule(Operation($"{id} release"), new DateTimeOffset(now.Date.AddHours(now.Hour < 15 ? 16 : 21), now.Offset).ToUniversalTime(), classTeacher);
    }

    // Always the same: two web processes may write at once.
    private static Guid Operation(string what) => new(SHA256.HashData(Encoding.UTF8.GetBytes($"demo {what}"))[..16]);

    private async Task<SheetAuthor> Author(ClassTeacher teacher)
    {
        var role = teacher.Duty switch
        {
            DutyKind.ClassTeacher => ParticipantRole.ClassTeacher,
            DutyKind.SubjectTeacher => ParticipantRole.SubjectTeacher,
            DutyKind.Counsellor => ParticipantRole.Counsellor,
        };
        return new SheetAuthor(new Participant(await AccountOf(teacher.Teacher), teacher.Name, role, null), teacher.Subjects);
    }

    // One push of a tab that belongs to this day and section: pushed again after a start that was cut short, it has no second effect.
    private async Task<int> Push(string topic, string section, Participant writer, params string[] lines)
    {
        object[] insertion = [0, .. lines];
        var change = JsonSerializer.Serialize(new[] { insertion }, LiveJson.Options);
        var answer = await LiveTopics.Document(actors, topic)!.PushText(new TextPush(section, 0, $"demo-{section}", 1, [new ChangeSetJson(change)]), writer);
        return Count(answer);
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
