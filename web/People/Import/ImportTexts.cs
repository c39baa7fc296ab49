using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using SchoolHome.People;
using SchoolHome.Web.Edge;

namespace SchoolHome.Web.People.Import;

/// <summary>What is said of a roster: a sentence per finding, Chinese first, and views in the reader's language.</summary>
internal static class ImportTexts
{
    private static readonly FrozenDictionary<string, (string Chinese, string English)> Sentences = new Dictionary<string, (string, string)>
    {
        // The file as a whole.
        ["file-empty"] = ("文件是空的。", "The file is empty."),
        ["file-unknown"] = ("这不是可以读取的名册：请上传 .xlsx、.csv 或 OneRoster 的 .zip 文件。", "This is no roster that can be read: upload an .xlsx, a .csv, or a OneRoster .zip file."),
        ["file-old-excel"] = ("这是旧版 Excel 的 .xls 文件，请另存为 .xlsx 后再上传。", "This is an old Excel .xls file. Save it as .xlsx and upload that."),
        ["file-password"] = ("文件设了密码。请去掉密码后再上传。", "The file is protected by a password. Remove it and upload the file again."),
        ["file-html"] = ("这其实是一个网页，只是名字像表格。请用 Excel 打开，另存为 .xlsx 后再上传。", "This is a web page that is named like a spreadsheet. Open it in Excel, save it as .xlsx, and upload that."),
        ["file-utf16"] = ("文件的编码是 UTF-16。请另存为“CSV UTF-8”或 .xlsx。", "The file's encoding is UTF-16. Save it as “CSV UTF-8” or .xlsx."),
        ["file-encoding"] = ("文件的编码既不是 UTF-8 也不是 GB18030，第 {0} 个字节读不了。请另存为“CSV UTF-8”或 .xlsx。", "The file's encoding is neither UTF-8 nor GB18030: byte {0} cannot be read. Save it as “CSV UTF-8” or .xlsx."),
        ["zip-damaged"] = ("文件已损坏，解不开。", "The file is damaged and cannot be unpacked."),
        ["zip-too-large"] = ("文件解开后超过 {0} MB，不是名册。", "Unpacked, the file is larger than {0} MB: it is no roster."),
        ["zip-too-many"] = ("压缩包里有超过 {0} 个文件，不是名册。", "There are more than {0} files in the archive: it is no roster."),
        ["zip-path"] = ("压缩包里有指向别处的文件名“{0}”。", "The archive holds a file name that points elsewhere: “{0}”."),
        ["zip-twice"] = ("压缩包里“{0}”出现了两次。", "The archive holds “{0}” twice."),
        ["zip-password"] = ("压缩包设了密码。请去掉密码后再上传。", "The archive is protected by a password. Remove it and upload the file again."),
        ["zip-unknown"] = ("压缩包里既没有工作簿，也没有 OneRoster 的 .csv 文件。", "The archive holds neither a workbook nor the .csv files of OneRoster."),
        ["workbook-damaged"] = ("这不是可以读取的 .xlsx 文件。", "This .xlsx file cannot be read."),

        // Sheets and columns.
        ["sheet-missing"] = ("缺少工作表“{0}”。", "The sheet “{0}” is missing."),
        ["sheet-twice"] = ("有两张工作表都叫“{0}”。", "Two sheets are called “{0}”."),
        ["sheet-empty"] = ("一行内容都没有。", "There is not a single row."),
        ["headings-unknown"] = ("找不到标题行：应当有“学号”或“工号”这一列。", "There is no row of headings: one of the columns must be “学号” (student number) or “工号” (staff number)."),
        ["column-missing"] = ("缺少“{0}”这一列。", "The column “{0}” is missing."),
        ["column-twice"] = ("“{0}”这一列出现了两次。", "The column “{0}” is there twice."),
        ["too-many-rows"] = ("超过 {0} 行。", "There are more than {0} rows."),
        ["csv-quote"] = ("这一行的引号没有配对，或者字段太长。", "A quotation mark in this row has no counterpart, or a field is too long."),

        // Cells.
        ["formula"] = ("这一格是公式。请改成文字（复制后“选择性粘贴—数值”）再导入；公式不会被计算。", "This cell is a formula. Turn it into text (copy, “paste values”) and import again; formulas are not computed."),
        ["looks-like-formula"] = ("“{0}”以“{1}”开头，像是公式。确实是文字的，请在前面加一个单引号 '。", "“{0}” begins with “{1}” like a formula. If it is text, put an apostrophe ' in front."),
        ["cell-error"] = ("这一格是错误值“{0}”。", "This cell holds the error “{0}”."),
        ["digits-lost"] = ("这一格是数字格式，超过 15 位的部分已经丢失。请把这一列设为文本格式后重新填写。", "This cell is a number, whose digits beyond the 15th are lost. Format the column as text and enter it again."),
        ["name-missing"] = ("姓名为空。", "The name is missing."),
        ["name-too-long"] = ("姓名太长，最多 {0} 个字。", "The name is too long: at most {0} characters."),
        ["number-missing"] = ("{0}为空。", "{0} is missing."),
        ["number-malformed"] = ("{0}“{1}”不对：只能用字母和数字，不超过 24 位。", "{0} “{1}” is malformed: letters and digits only, at most 24."),
        ["number-twice"] = ("{0}与第 {1} 行重复。", "{0} is the same as in row {1}."),
        ["grade-missing"] = ("年级为空。", "The grade is missing."),
        ["grade-unknown"] = ("年级“{0}”不认识，应如“三年级”。", "The grade “{0}” is unknown; write for example “三年级”."),
        ["class-missing"] = ("班级为空。", "The class is missing."),
        ["class-unknown"] = ("班级“{0}”不认识，应如“2班”，1 到 99。", "The class “{0}” is unknown; write for example “2班”, from 1 to 99."),
        ["gender-unknown"] = ("性别只能是“男”或“女”。", "The sex is “男” (male) or “女” (female)."),
        ["date-malformed"] = ("日期“{0}”无效，应如 2018-03-05。", "“{0}” is no date; write for example 2018-03-05."),
        ["date-implausible"] = ("出生日期“{0}”不合情理。", "The birth date “{0}” is not plausible."),
        ["status-too-long"] = ("特殊情况太长，最多 {0} 个字。", "The special status is too long: at most {0} characters."),
        ["phone-malformed"] = ("手机号无效。", "This is no phone number."),
        ["relation-unknown"] = ("关系“{0}”不认识，可填：{1}。", "The relation “{0}” is unknown; one of: {1}."),
        ["relation-missing"] = ("没有填关系，可填：{0}。", "The relation is missing; one of: {0}."),
        ["guardians-missing"] = ("没有任何家长。确实没有的，请在“家长1姓名”里填“无”。", "There is no guardian at all. If there is none indeed, write “无” as 家长1姓名."),
        ["guardians-too-many"] = ("家长太多，最多 {0} 位。", "There are too many guardians: at most {0}."),
        ["post-unknown"] = ("职务“{0}”不认识，可填：{1}。", "The post “{0}” is unknown; one of: {1}."),
        ["class-not-there"] = ("没有“{0}”这个班。", "There is no class “{0}”."),
        ["class-listed-twice"] = ("“{0}”写了两次。", "“{0}” is written twice."),
        ["duty-malformed"] = ("“{0}”看不懂，应如“三年级2班（班主任：语文）”。", "“{0}” cannot be understood; write for example “三年级2班（班主任：语文）”."),
        ["second-class-teacher"] = ("“{0}”已经有班主任（第 {1} 行），一个班只能有一位。", "“{0}” has a class teacher already (row {1}); a class has one."),
        ["phone-missing"] = ("没有手机号：这位家长用通知单加入时，要用孩子的生日代替手机尾号。", "No phone number: this guardian joins by the birthday of the child instead of the last digits."),

        // OneRoster.
        ["oneroster-version"] = ("OneRoster 版本“{0}”不认识，可以导入 1.1 和 1.2。", "The OneRoster version “{0}” is unknown; 1.1 and 1.2 can be imported."),
        ["oneroster-file-missing"] = ("缺少文件“{0}”。", "The file “{0}” is missing."),
        ["oneroster-mode"] = ("manifest.csv 里“{0}”的值“{1}”不认识，应为 bulk、delta 或 absent。", "In manifest.csv “{0}” has the unknown value “{1}”: it is bulk, delta or absent."),
        ["oneroster-id-missing"] = ("sourcedId 为空。", "The sourcedId is missing."),
        ["oneroster-id-twice"] = ("sourcedId 与第 {0} 行重复。", "The sourcedId is the same as in row {0}."),
        ["oneroster-no-school"] = ("文件里没有学校。", "There is no school in the file."),
        ["oneroster-no-such-school"] = ("文件里没有所选的学校。", "The chosen school is not in the file."),
        ["oneroster-choose-school"] = ("文件里有几所学校，请选择是哪一所。", "The file has several schools. Please choose one."),
        ["oneroster-other-school"] = ("文件里的学校“{0}”不是上次导入的那一所，请核对。", "The school “{0}” of the file is not the one that was imported before; please check."),
        ["oneroster-no-students"] = ("文件里没有这所学校的学生。", "There are no students of this school in the file."),
        ["oneroster-no-homeroom"] = ("学生“{0}”不在任何行政班（homeroom）里。", "The student “{0}” is in no homeroom."),
        ["oneroster-two-homerooms"] = ("学生“{0}”在两个行政班里：“{1}”和“{2}”。", "The student “{0}” is in two homerooms: “{1}” and “{2}”."),
        ["oneroster-grade"] = ("行政班“{0}”的年级“{1}”不认识。", "The homeroom “{0}” has the unknown grade “{1}”."),
        ["oneroster-too-many-homerooms"] = ("一个年级最多 {0} 个班。", "A grade has at most {0} classes."),
        ["oneroster-enrollment-unknown"] = ("选班记录指向文件里没有的{0}“{1}”。", "The enrollment names the {0} “{1}”, which is not there."),
        ["oneroster-agent-unknown"] = ("agentSourcedIds 中的“{0}”不在文件里。", "“{0}” of agentSourcedIds is not in the file."),
        ["oneroster-phone"] = ("电话“{0}”读不出来，留空了；外国号码要带国家区号。", "The phone number “{0}” cannot be read and stays empty; a number from abroad needs its country code."),
        ["oneroster-date"] = ("日期“{0}”读不出来，留空了。", "The date “{0}” cannot be read and stays empty."),
        ["oneroster-session"] = ("学期“{0}”（{1} 至 {2}）：导入不会改动校历，需要时请在校历里设置。", "Session “{0}” ({1} to {2}): an import does not change the calendar; set it there if need be."),
        ["oneroster-number-made"] = ("“{0}”没有可用的学号或工号，编号为 {1}。", "“{0}” has no usable number, and is given {1}."),
        ["oneroster-sections"] = ("增量文件里有 {0} 条任课记录的班级资料不全，任课没有改动；请用完整文件更新。", "{0} teaching assignments of this delta name classes that it does not hold; they are left as they are. Use a bulk file."),
        ["oneroster-class-deleted"] = ("班级“{0}”在文件里被删除；请确认没有学生后在班级页面删除。", "The class “{0}” is deleted in the file; remove it on the page of classes once nobody is in it."),
        ["oneroster-unknown-person"] = ("文件要删除的人“{0}”不在本校。", "“{0}”, whom the file deletes, is not in this school."),

        // The comparison.
        ["number-of-another"] = ("号码 {0} 是已经离校（或离职）的{2}的，不能再给{1}：请换一个号码；如果是同一个人改了名字，请先在学校的页面改名。", "The number {0} is that of {2}, who has left; {1} cannot have it. Please give another number, or, if it is the same person, correct the name on the school's screens first."),
        ["guardian-stays"] = ("{0}的家长{1}不在文件里，但已经加入过：保留，请在学生页面决定。", "{1}, a guardian of {0}, is not in the file but has joined: they stay; decide on the page of the student."),
        ["administrator-stays"] = ("{0}是管理员，文件里没有也不会移除。", "{0} is an administrator and is not removed though the file does not list them."),
        ["class-empty"] = ("{0}在导入后没有学生。", "Nobody will be in {0} after the import."),

        // Why somebody was left.
        ["changed-meanwhile"] = ("试运行之后资料有改动", "changed since the dry run"),
        ["changed-since-import"] = ("导入之后资料有改动", "changed since the import"),
        ["account-since-import"] = ("导入之后已有人加入", "somebody has joined since the import"),
        ["page-since-import"] = ("导入之后联系册已有内容", "something was written in the contact book since the import"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, (string Chinese, string English)> Fields = new Dictionary<string, (string, string)>
    {
        ["name"] = ("姓名", "name"),
        ["class"] = ("班级", "class"),
        ["gender"] = ("性别", "sex"),
        ["birthDate"] = ("出生日期", "birth date"),
        ["specialStatus"] = ("特殊情况", "special status"),
        ["external"] = ("外部编号", "external id"),
        ["phone"] = ("手机", "phone"),
        ["offices"] = ("职务", "offices"),
        ["duties"] = ("任教班级", "classes"),
        ["left"] = ("离校", "left"),
        ["guardianOrder"] = ("家长顺序", "order of guardians"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static IEnumerable<string> Codes => Sentences.Keys;

    public static RosterProblemLine Line(Finding finding, string language) => new(finding.File, finding.Row, finding.Column, Sentence(finding.Code, finding.Values, language));

    public static string Sentence(string code, ImmutableArray<string> values, string language)
    {
        if (!Sentences.TryGetValue(code, out var sentence))
            return code;

        // What a file says is put in, never read as a pattern: a value with braces stays as it is.
        var text = language == Texts.English ? sentence.English : sentence.Chinese;
        return values.IsEmpty ? text : string.Format(CultureInfo.InvariantCulture, text, [.. values]);
    }

    public static ImportLine ListLine(ImportView view, string language) => new(
        view.Import.Opaque, view.State, view.Offer.FileName, Of(view.Offer.Format, language), view.Offer.Counts, view.By.Name, view.OfferedAt, view.DoneAt);

    public static ImportStatus Status(ImportView view, string language)
    {
        var offer = view.Offer;
        return new ImportStatus(
            view.Import.Opaque,
            view.Import.ToString(),
            view.Epoch,
            view.N,
            view.State,
            offer.FileName,
            offer.Format,
            Of(offer.Format, language),
            offer.Counts,
            offer.Parts == 0 && offer.NewClasses.IsEmpty,
            offer.StudentsBefore,
            offer.Counts.Removed > offer.StudentsBefore * ImportLimits.RemovalsUnasked,
            [.. offer.NewClasses.Select(one => new ImportClassLine(one.Class.Class, one.Name, one.Grade, one.Number))],
            [.. offer.Merges.Select(merge => new ImportMergeLine(merge.PhoneTail, [.. merge.People.Select(person => new ImportMergePerson(
                person.Student, person.StudentName, person.Guardian, person.Relation, Texts.Of(person.Relation, language)))]))],
            offer.MergeCount,
            [.. offer.Warnings.Select(warning => Line(Finding.Of(warning), language))],
            offer.WarningCount,
            offer.Parts,
            view.PartsDone,
            view.By.Name,
            view.OfferedAt,
            view.OfferedAt + ImportLimits.OfferFor,
            view.DoneAt,
            view.DoneAt + ImportLimits.UndoFor,
            [.. view.Skipped.Select(remark => Of(remark, language))],
            view.SkippedCount,
            [.. view.Hindrances.Select(remark => Of(remark, language))]);
    }

    /// <summary>Some of the people of a part, who are all of one kind.</summary>
    public static IEnumerable<ImportChangeLine> ChangesOf(ImportPart part, ImportChangeKind kind, int from, int count, string language) =>
        part.Students.Select(one => new ImportChangeLine(kind, one.Student.Number, one.Name, FieldsOf(one.Fields, language)))
            .Concat(part.Staff.Select(one => new ImportChangeLine(kind, one.Teacher.Number, one.Name, FieldsOf(one.Fields, language))))
            .Skip(from).Take(count);

    /// <summary>A field in the reader's language, e.g. 家长 g1 手机.</summary>
    public static string FieldName(string field, string language)
    {
        var english = language == Texts.English;
        if (field.Split('.') is ["guardian", var entry, .. var rest])
        {
            var (chinese, inEnglish) = rest is [var what] ? Fields.GetValueOrDefault(what == "relation" ? "" : what, what == "relation" ? ("关系", "relation") : (what, what)) : ("", "");
            return english ? $"guardian {entry} {inEnglish}".TrimEnd() : $"家长 {entry} {chinese}".TrimEnd();
        }

        return Fields.TryGetValue(field, out var name) ? english ? name.English : name.Chinese : field;
    }

    private static ImmutableArray<ImportFieldLine> FieldsOf(ImmutableArray<FieldChange> fields, string language) =>
        [.. fields.Select(field => new ImportFieldLine(field.Field, FieldName(field.Field, language), Value(field.Field, field.Before, language), Value(field.Field, field.After, language)))];

    private static string? Value(string field, string? value, string language) =>
        field.EndsWith(".relation", StringComparison.Ordinal) && Enum.TryParse<Relation>(value, ignoreCase: true, out var relation) ? Texts.Of(relation, language) : value;

    private static ImportRemarkLine Of(ImportRemark remark, string language)
    {
        var isStudent = StudentId.TryParse(remark.Person, out var student);
        var number = isStudent ? student.Number : TeacherId.TryParse(remark.Person, out var teacher) ? teacher.Number : remark.Person;
        return new ImportRemarkLine(isStudent ? PersonKind.Student : PersonKind.Teacher, number, remark.Name, remark.Code, Sentence(remark.Code, [], language));
    }

    private static string Of(RosterFormat format, string language) => (format, language == Texts.English) switch
    {
        (RosterFormat.Workbook, false) => "工作簿",
        (RosterFormat.StudentsCsv, false) => "学生表（CSV）",
        (RosterFormat.StaffCsv, false) => "教职工表（CSV）",
        (RosterFormat.OneRosterBulk, false) => "OneRoster 完整文件",
        (RosterFormat.OneRosterDelta, false) => "OneRoster 增量文件",
        (RosterFormat.Workbook, true) => "workbook",
        (RosterFormat.StudentsCsv, true) => "student sheet (CSV)",
        (RosterFormat.StaffCsv, true) => "staff sheet (CSV)",
        (RosterFormat.OneRosterBulk, true) => "OneRoster, bulk",
        (RosterFormat.OneRosterDelta, true) => "OneRoster, delta",
    };
}
