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
        ["stale"] = ("这里刚刚有了新内容，请看一看再做。", "There is something newer here. Please look at it and decide again."),
        ["text-sealed"] = ("已经签过字，不能再改了。可以写补充。", "This is signed and can no longer be changed. You can add to it."),
        ["not-yours"] = ("这一项请班主任或任课老师来写。", "This is for the class teacher, or the teacher of that subject, to write."),
        ["draft-without-time"] = ("待发内容里有别的老师还没定时间的，请直接发布，或请班主任定时间。", "Other teachers have prepared items without a time. Please publish at once, or ask the class teacher to set a time."),
        ["item-removed"] = ("这一条已经删掉了。", "This item has been removed."),
        ["too-many-items"] = ("这一天写得太多了，请合并几条。", "There are too many items on this day. Please join some."),
        ["too-many-changes"] = ("这一条改得太多次了，请另写一条。", "This item was changed too often. Please write a new one."),
        ["taken"] = ("这个名称已经用过了，请换一个。", "This name is taken. Please choose another."),
        ["too-many-templates"] = ("模板太多了，请先删掉几个。", "There are too many templates. Please remove some first."),
        ["signed-already"] = ("您已经签过了。", "You have signed already."),
        ["not-signed"] = ("您还没有签字。", "You have not signed."),
        ["not-today"] = ("还没到这一天，不能签字。", "This day has not come yet; it cannot be signed."),
        ["too-many-signatures"] = ("这一页签字和撤回的次数太多了，请联系班主任。", "This page was signed and withdrawn too often. Please talk to the class teacher."),
        ["not-sealed"] = ("这一栏还可以直接写，不用补充。", "You can still write in this section itself."),
        ["too-many-addenda"] = ("补充太多了，请写在明天的联系簿里。", "There are too many additions. Please write on tomorrow's page."),
        ["not-in-class"] = ("有的学生不在这个班里。", "Some of these children are not in this class."),
        ["bad-request"] = ("请求有误，请刷新后再试。", "The request was malformed. Please reload and try again."),
        ["too-large"] = ("文件太大了。", "The file is too large."),
        ["unknown-outcome"] = ("暂时没有得到确认，请稍后再试；重复提交不会有影响。", "No confirmation yet. Please try again; repeating does no harm."),
        ["fault"] = ("出了点问题，我们已经记录下来。请稍后再试。", "Something went wrong and was recorded. Please try again later."),
        ["other-account"] = ("现在登录的是另一个账号，这一步没有做。", "Another account is signed in now, so this was not done."),
        ["signed-out"] = ("请先登录。", "Please sign in."),
        ["sign-in-failed"] = ("账号或密码不对。", "The sign-in name or password is wrong."),
        ["locked-out"] = ("在这里输错了太多次密码，请过一会儿再试。", "Too many wrong passwords from here. Please try again in a while."),
        ["too-many-tries"] = ("尝试太频繁，请稍等一会儿。", "Too many tries. Please wait a while."),
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
        ["overlap"] = ("日期之间有重叠。", "Some of these overlap."),
        ["other-school"] = ("属于另一所学校。", "It belongs to another school."),
        ["phone-malformed"] = ("手机号不对。", "This is not a phone number."),
        ["password-too-short"] = ("密码至少 8 位。", "A password has at least 8 characters."),
        ["password-too-long"] = ("密码最多 128 位。", "A password has at most 128 characters."),
        ["password-wrong"] = ("当前密码不对。", "The current password is wrong."),
        ["no-phone"] = ("名册里没有可用的手机号。", "The roster has no phone number for this person."),
        ["file-required"] = ("请选择一个名册文件：.xlsx、.csv 或 OneRoster 的 .zip。", "Please choose a roster: an .xlsx, a .csv, or a OneRoster .zip file."),

        // Import of rosters.
        ["import-not-offered"] = ("这次导入已经确认、撤销或放弃了。", "This import was confirmed, undone or dropped already."),
        ["import-under-way"] = ("本校另一次导入正在进行，请等它完成。", "Another import of this school is under way. Please wait until it is done."),
        ["import-empty"] = ("学校里的资料已经和文件一样，没有什么要导入。", "All is in the school already as the file has it: there is nothing to import."),
        ["import-too-old"] = ("试运行已经超过一天，请重新上传文件。", "The dry run is more than a day old. Please upload the file again."),
        ["type-the-number"] = ("请输入将要离校的学生人数。", "Please type how many students will leave."),
        ["import-depended-on"] = ("导入之后已经有人用到这些资料，不能撤销。", "Something depends on this import by now; it cannot be undone."),
        ["import-not-done"] = ("这次导入还没有完成，不能撤销。", "This import is not done; it cannot be undone."),
        ["import-undo-too-late"] = ("导入已经超过七天，不能撤销。", "This import was done more than seven days ago; it cannot be undone."),

        // Signing in, joining, passwords, programs.
        ["choose-school"] = ("请选择您的学校：不同学校的工号、学号会相同。", "Please choose your school: staff and student numbers repeat across schools."),
        ["no-student-accounts"] = ("学校没有为学生开通账号。", "The school gives students no accounts."),
        ["student-has-left"] = ("这位学生已经离校。", "This student has left the school."),
        ["teacher-has-left"] = ("这位老师已经离职。", "This teacher has left the school."),
        ["phone-tail-malformed"] = ("请填写四位数字：手机号的最后四位。", "Please give four digits: the last ones of the phone number."),
        ["slip-unknown"] = ("邀请码或手机尾号不对，请对照通知单再看一看。", "The code or the last four digits are wrong. Please compare them with the slip."),
        ["slip-expired"] = ("这张通知单已经过期，请向班主任要一张新的。", "This slip has expired. Please ask the class teacher for a new one."),
        ["slip-used"] = ("这张通知单已经用过了，请直接登录；忘了密码请向班主任要一张新的。", "This slip has been used. Please sign in; if you forgot the password, ask the class teacher for a new slip."),
        ["slip-tries-used-up"] = ("这张通知单输错的次数太多，已经作废，请向班主任要一张新的。", "Too many wrong tries: this slip is no longer good. Please ask the class teacher for a new one."),
        ["access-restricted"] = ("按规定，这位家长不能查看这个孩子的信息。", "This guardian is kept from this child's information."),
        ["student-account"] = ("现在登录的是学生账号，请家长用自己的账号。", "This is a student's account. A guardian needs one of their own."),
        ["staff-account"] = ("这位家长也是教职工，忘了密码请找学校管理员。", "This guardian is also on the staff. The school's administrator sets a forgotten password."),
        ["code-needed"] = ("请填写发到新手机号的验证码。", "Please enter the code that was sent to the new number."),
        ["code-wrong"] = ("验证码不对或已过期。", "The code is wrong or has expired."),
        ["password-has-name"] = ("密码不能包含登录账号。", "A password must not contain the sign-in name."),
        ["password-common"] = ("这个密码太常见，加几个不相干的词试试。", "This password is too common. Try adding some unrelated words."),
        ["password-repeats"] = ("重复的字符很容易被猜到。", "Repeated characters are guessed at once."),
        ["password-sequence"] = ("连续的字母、数字或键盘顺序很容易被猜到。", "Runs of letters, digits or neighbouring keys are guessed at once."),
        ["password-number"] = ("日期和数字很容易被猜到。", "Dates and numbers are easily guessed."),
        ["password-weak"] = ("这个密码还太容易被猜到，再长一点。", "This password is still too easily guessed. Make it longer."),
        ["password-fair"] = ("可以用；再长一点会更安全。", "Good enough; a longer one is safer."),
        ["password-good"] = ("很好，不容易被猜到。", "Good: hard to guess."),
        ["open-id-failed"] = ("统一认证没有完成，请再试一次。", "The school's sign-in was not completed. Please try again."),
        ["open-id-unreachable"] = ("暂时连接不上统一认证，请用密码登录。", "The school's sign-in cannot be reached. Please use your password."),
        ["open-id-unknown"] = ("还没有账号与它关联。请先用密码登录，再到“我的”中关联。", "No account is linked with it yet. Sign in with your password first, then link it under Me."),
        ["open-id-taken"] = ("它已经关联了另一个账号。", "It is linked with another account already."),
        ["token-wrong"] = ("令牌不对、已过期或已停用。", "The token is wrong, has expired, or was revoked."),
        ["token-scope"] = ("这个令牌没有这项权限。", "This token may not do that."),
        ["token-made"] = ("令牌已经生成过，内容只显示一次。如果没有记下，请停用后重新生成。", "The token was made already and is shown only once. If it was lost, revoke it and make another."),
        ["token-days"] = ("有效期为1到365天。", "It is good for 1 to 365 days."),

        // People, classes, the school and the district.
        ["number-malformed"] = ("号码只能由字母和数字组成，最多 24 位。", "A number has letters and digits only, at most 24."),
        ["school-founded"] = ("这所学校已经建好了，里面的事由它自己的管理员管理。", "This school has been founded already; what is in it is its own administrators' business."),
        ["district-administrator"] = ("这是学区管理员的账号，只有学区管理员能重设。", "This is the account of a district administrator; only one of them can set its password."),
        ["changed-since-import"] = ("导入以后又改过。", "It was changed since the import."),
        ["slip-taken"] = ("邀请码重复，请再试一次。", "This code is taken. Please try again."),
        ["in-the-past"] = ("时间已经过去了。", "This is in the past."),
        ["too-late"] = ("时间太远了。", "This is too far ahead."),
        ["number-taken"] = ("这个号码已经有人用了。", "Somebody has this number already."),
        ["person-unknown"] = ("没有这个人。", "There is no such person."),
        ["class-unknown"] = ("没有这个班。", "There is no such class."),
        ["class-graduated"] = ("这个班已经毕业。", "This class has graduated."),
        ["class-taken"] = ("这个年级已经有同样序号的班。", "This grade has a class of this number already."),
        ["class-not-empty"] = ("班里还有学生或老师，不能删除。", "There are students or teachers in this class; it cannot be removed."),
        ["class-has-teacher"] = ("这个班已经有班主任，请用“接班”。", "This class has a class teacher. Let the new one take it over."),
        ["class-teacher-changed"] = ("班主任已经换人了，请刷新后再试。", "The class teacher has changed meanwhile. Please reload and try again."),
        ["grade-unknown"] = ("没有这个年级。", "There is no such grade."),
        ["in-the-future"] = ("日期不能晚于今天。", "The day cannot be later than today."),
        ["too-long-ago"] = ("日期太早了。", "The day is too long ago."),
        ["student-has-not-left"] = ("这位学生没有离校。", "This student has not left."),
        ["teacher-has-not-left"] = ("这位老师没有离职。", "This teacher has not left."),
        ["guardian-was-bound"] = ("这位家长曾经有查看权限，只能结束权限，不能删除。", "This guardian has or had access: end it instead of removing them."),
        ["not-all"] = ("请把每位家长都排进去，各一次。", "Please list every guardian once."),
        ["changed-meanwhile"] = ("别人刚刚改过，请刷新后再试。", "Somebody has changed this meanwhile. Please reload and try again."),
        ["last-administrator"] = ("这是最后一位管理员，请先指定另一位。", "This is the last administrator. Please name another one first."),
        ["last-district-administrator"] = ("这是区里的最后一位管理员，请先指定另一位。", "This is the district's last administrator. Please name another one first."),
        ["not-free"] = ("补课日这一天本来就上课。", "There is school on this day anyway."),
        ["outside-term"] = ("不在任何学期之内。", "This is in no term."),
        ["twice"] = ("同一天写了两次。", "The same day is there twice."),
        ["promoted-this-year"] = ("各班半年内已经升过级了。", "The classes have moved up within the last half year."),
        ["no-classes"] = ("还没有可以升级的班。", "There are no classes to move up."),
        ["nothing-to-undo"] = ("没有可以撤销的升级。", "There is no promotion to take back."),
        ["classes-changed-since"] = ("升级之后班级又有改动，不能撤销。", "Classes were changed since the promotion; it cannot be taken back."),
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
