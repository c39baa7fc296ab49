using System.Collections.Frozen;
using SchoolHome.People;

namespace SchoolHome.Web.Edge;

/// <summary>What the server itself says to people: a sentence per code, Chinese first. Screens have their own texts in the client.</summary>
internal static class Texts
{
    public const string Chinese = "zh-CN";
    public const string English = "en";

    private static readonly FrozenDictionary<string, (string Chinese, string English)> Sentences = new Dictionary<string, (string, string)>
    {
        ["invalid"] = ("有些内容需要改一下。", "Some fields need correcting."),
        ["not-found"] = ("没有找到，或者您没有查看的权限。", "Not found, or not yours to see."),
        ["forbidden"] = ("您可以看，但不能改这一部分。", "You may read this, but not change it."),
        ["bad-request"] = ("请求有误，请刷新后再试。", "The request was malformed. Please reload and try again."),
        ["too-large"] = ("文件太大了。", "The file is too large."),
        ["unknown-outcome"] = ("暂时没有得到确认，请稍后再试；重复提交不会有影响。", "No confirmation yet. Please try again; repeating does no harm."),
        ["fault"] = ("出了点问题，我们已经记录下来。请稍后再试。", "Something went wrong and was recorded. Please try again later."),
        ["signed-out"] = ("请先登录。", "Please sign in."),
        ["sign-in-failed"] = ("账号或密码不对。", "The sign-in name or password is wrong."),
        ["locked-out"] = ("密码错得太多次，请过几分钟再试。", "Too many wrong passwords. Please try again in a few minutes."),
        ["too-many-tries"] = ("尝试太频繁，请稍等一分钟。", "Too many tries. Please wait a minute."),
        ["antiforgery"] = ("页面放得太久了，请刷新后再试。", "The page has been open too long. Please reload and try again."),
        ["setup-token-wrong"] = ("安装口令不对，请看服务器日志中最新的一条。", "The setup token is wrong. See the newest one in the server's log."),
        ["setup-under-way"] = ("安装正在进行或刚刚中断，请十分钟后再试。", "The setup is under way or was interrupted. Please try again in ten minutes."),
        ["setup-done"] = ("学校已经建好了，请直接登录。", "The school has been set up already. Please sign in."),
        ["roster-refused"] = ("名册中有些地方需要改正，什么都没有导入。", "The roster needs correcting; nothing was imported."),
        ["login-name-taken"] = ("这个手机号或工号已经有账号了。", "This number already has an account."),
        ["account-open"] = ("这个账号已经属于另一个人。", "This account already belongs to somebody else."),
        ["entry-bound-to-another"] = ("这位家长已经有账号了。", "This guardian already has an account."),
        ["teacher-has-account"] = ("这位老师已经有账号了。", "This teacher already has an account."),
        ["student-has-account"] = ("这位学生已经有账号了。", "This student already has an account."),
        ["guardian-has-account"] = ("这位家长已经有账号了。", "This guardian already has an account."),
        ["access-ended"] = ("这位家长的查看权限已经结束。", "This guardian's access has ended."),
        ["required"] = ("请填写。", "Please fill this in."),
        ["name-required"] = ("请填写姓名，不超过60个字。", "Please give a name of at most 60 characters."),
        ["too-long"] = ("太长了。", "This is too long."),
        ["too-many"] = ("太多了。", "These are too many."),
        ["unknown"] = ("没有这一项。", "There is no such thing."),
        ["order"] = ("结束日期早于开始日期。", "It ends before it begins."),
        ["overlap"] = ("学期之间有重叠。", "Terms overlap."),
        ["other-school"] = ("属于另一所学校。", "It belongs to another school."),
        ["phone-malformed"] = ("手机号不对。", "This is not a phone number."),
        ["password-too-short"] = ("密码至少 8 位。", "A password has at least 8 characters."),
        ["password-too-long"] = ("密码最多 128 位。", "A password has at most 128 characters."),
        ["password-wrong"] = ("当前密码不对。", "The current password is wrong."),
        ["no-phone"] = ("名册里没有可用的手机号。", "The roster has no phone number for this person."),
        ["file-required"] = ("请选择一个 .xlsx 文件。", "Please choose an .xlsx file."),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static string Of(string code, string language) =>
        Sentences.TryGetValue(code, out var sentence) ? (language == English ? sentence.English : sentence.Chinese) : code;

    /// <summary>The reader's language: what the browser asks for, which the client sets to the account's.</summary>
    public static string LanguageOf(HttpContext context)
    {
        foreach (var wanted in context.Request.GetTypedHeaders().AcceptLanguage.OrderByDescending(one => one.Quality ?? 1))
        {
            if (wanted.Value.StartsWith("zh", StringComparison.OrdinalIgnoreCase))
                return Chinese;
            if (wanted.Value.StartsWith("en", StringComparison.OrdinalIgnoreCase))
                return English;
        }

        return Chinese;
    }

    public static string Of(Relation relation, string language) => (relation, language == English) switch
    {
        (Relation.Father, false) => "父亲",
        (Relation.Mother, false) => "母亲",
        (Relation.PaternalGrandfather, false) => "爷爷",
        (Relation.PaternalGrandmother, false) => "奶奶",
        (Relation.MaternalGrandfather, false) => "外公",
        (Relation.MaternalGrandmother, false) => "外婆",
        (Relation.Other, false) => "其他监护人",
        (Relation.Father, true) => "father",
        (Relation.Mother, true) => "mother",
        (Relation.PaternalGrandfather or Relation.MaternalGrandfather, true) => "grandfather",
        (Relation.PaternalGrandmother or Relation.MaternalGrandmother, true) => "grandmother",
        (Relation.Other, true) => "guardian",
    };

    public static string Of(DutyKind duty, string language) => (duty, language == English) switch
    {
        (DutyKind.ClassTeacher, false) => "班主任",
        (DutyKind.SubjectTeacher, false) => "任课教师",
        (DutyKind.Counsellor, false) => "辅导员",
        (DutyKind.ClassTeacher, true) => "class teacher",
        (DutyKind.SubjectTeacher, true) => "subject teacher",
        (DutyKind.Counsellor, true) => "counsellor",
    };
}
