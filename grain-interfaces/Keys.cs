using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace SchoolHome;

/// <summary>
/// The kinds of actors: the first word of every key. A key always begins with its kind and a slash, because Orleans' AdoNet storage reads a key that is all hexadecimal
/// digits as a number, so that bare <c>0042</c> and <c>42</c> would share one row. A kind never changes: it is in every stored row.
/// </summary>
public static class KeyKinds
{
    /// <summary>The one district of a deployment.</summary>
    public const string District = "district";
    /// <summary>A school.</summary>
    public const string School = "school";
    /// <summary>A class of a school.</summary>
    public const string Class = "class";
    /// <summary>A student.</summary>
    public const string Student = "student";
    /// <summary>A teacher or other member of staff.</summary>
    public const string Teacher = "teacher";
    /// <summary>A guardian; deployment-wide, opaque.</summary>
    public const string Guardian = "guardian";
    /// <summary>An account; deployment-wide, opaque.</summary>
    public const string Account = "account";
    /// <summary>A name that somebody signs in with.</summary>
    public const string Login = "login";
    /// <summary>What a whole class shares on one day.</summary>
    public const string Sheet = "sheet";
    /// <summary>One child's page of the contact book on one day.</summary>
    public const string Page = "page";
    /// <summary>Which children's pages of a class are filled on one day.</summary>
    public const string ClassDay = "class-day";
    /// <summary>What teachers prepare for a class sheet, before families see it.</summary>
    public const string SheetDraft = "sheet-draft";
    /// <summary>A teacher's templates for class sheets.</summary>
    public const string SheetTemplates = "sheet-templates";
    /// <summary>One month of one child's contact book: which days are filled and signed.</summary>
    public const string BookMonth = "book-month";
    /// <summary>What a class has chosen for its contact book, and its daily reminder.</summary>
    public const string ClassBook = "class-book";
    /// <summary>Older updates of one section's text.</summary>
    public const string TextHistory = "text-history";
    /// <summary>The staff of a school, a line each.</summary>
    public const string Staff = "staff";
    /// <summary>Who left a school in one year.</summary>
    public const string Leavers = "leavers";
    /// <summary>Who changed people's data, per school and day.</summary>
    public const string Audit = "audit";
    /// <summary>Older entries of one day's audit log.</summary>
    public const string AuditChunk = "audit-chunk";
    /// <summary>The import of one roster.</summary>
    public const string Import = "import";
    /// <summary>Some of the people of one import.</summary>
    public const string ImportPart = "import-part";
    /// <summary>A slip by which one guardian gets access to one child.</summary>
    public const string Invitation = "invite";
    /// <summary>A bearer token of a program.</summary>
    public const string ApiToken = "api-token";
    /// <summary>Sends text messages; keeps nothing.</summary>
    public const string TextMessage = "text-message";
    /// <summary>Who has facts to deliver, per class.</summary>
    public const string OutboxWatch = "outbox-watch";
    /// <summary>Which web processes are up.</summary>
    public const string LiveDirectory = "live-directory";
    /// <summary>Renews many watches at once; keeps nothing.</summary>
    public const string LiveRenewal = "live-renewal";
}

/// <summary>A typed id that is an actor's key.</summary>
/// <typeparam name="TSelf">The id.</typeparam>
public interface IKey<TSelf>
    where TSelf : struct, IKey<TSelf>
{
    /// <summary>Reads an actor's key; throws when it is not one of this kind.</summary>
    static abstract TSelf Parse(string key);
}

/// <summary>Ids are stored as the keys that they are.</summary>
/// <typeparam name="TKey">The id.</typeparam>
public sealed class KeyConverter<TKey> : JsonConverter<TKey>
    where TKey : struct, IKey<TKey>
{
    /// <inheritdoc/>
    public override TKey Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return TKey.Parse(reader.GetString() ?? "");
        }
        catch (FormatException exception)
        {
            throw new JsonException(exception.Message, exception);
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, TKey value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(value.ToString());
    }
}

/// <summary>What the parts of a key may look like. Parts hold no slash and are lower case, so that a key has one spelling. (<c>\z</c> is the end; <c>$</c> would let a line break follow.)</summary>
internal static partial class KeyParts
{
    [GeneratedRegex(@"^[a-z0-9]{1,12}\z", RegexOptions.CultureInvariant)]
    internal static partial Regex School();

    [GeneratedRegex(@"^[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,2}\z", RegexOptions.CultureInvariant)]
    internal static partial Regex Class();

    [GeneratedRegex(@"^[a-z0-9]{1,24}\z", RegexOptions.CultureInvariant)]
    internal static partial Regex Number();

    [GeneratedRegex(@"^[0-9a-f]{32}\z", RegexOptions.CultureInvariant)]
    internal static partial Regex Opaque();

    internal static string[]? Split(string? key, string kind, int parts)
    {
        if (key is null || key.Length > 200)
            return null;

        var split = key.Split('/');
        return split.Length == parts + 1 && split[0] == kind ? split[1..] : null;
    }

    internal static bool TryDay(string text, out DateOnly day) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);

    internal static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    internal static FormatException Malformed(string? key, string what) => new($"'{key}' is not the key of a {what}.");
}

/// <summary>A school: <c>school/s01</c>.</summary>
/// <param name="School">The school's short id, e.g. <c>s01</c>.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.SchoolId")]
[JsonConverter(typeof(KeyConverter<SchoolId>))]
public readonly record struct SchoolId([property: Id(0)] string School) : IKey<SchoolId>
{
    /// <summary>The actor's key.</summary>
    public override string ToString() => $"{KeyKinds.School}/{School}";

    /// <summary>Reads an actor's key; false when it is not one of a school.</summary>
    public static bool TryParse([NotNullWhen(true)] string? key, out SchoolId id)
    {
        id = default;
        return KeyParts.Split(key, KeyKinds.School, 1) is [var school] && TryCreate(school, out id);
    }

    /// <summary>Reads an actor's key.</summary>
    public static SchoolId Parse(string key) => TryParse(key, out var id) ? id : throw KeyParts.Malformed(key, "school");

    /// <summary>Makes an id of its parts; false when they are malformed.</summary>
    public static bool TryCreate(string? school, out SchoolId id)
    {
        id = school is not null && KeyParts.School().IsMatch(school) ? new SchoolId(school) : default;
        return id.School is not null;
    }
}

/// <summary>
/// A class: <c>class/s01/2024-2</c> is class 2 of those who entered in 2024 (2024级2班). A class is a cohort: it keeps its id when it moves up a grade, so that its sheets, its families' rights and its
/// teachers' duties stay with it (see decision 0007).
/// </summary>
/// <param name="School">The school's short id.</param>
/// <param name="Class">Year of entry and number, <c>2024-2</c>; opaque to everybody but <see cref="School.SchoolClass"/>.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.ClassId")]
[JsonConverter(typeof(KeyConverter<ClassId>))]
public readonly record struct ClassId([property: Id(0)] string School, [property: Id(1)] string Class) : IKey<ClassId>
{
    /// <summary>The actor's key.</summary>
    public override string ToString() => $"{KeyKinds.Class}/{School}/{Class}";

    /// <summary>Its school.</summary>
    public SchoolId SchoolId => new(School);

    /// <summary>Reads an actor's key; false when it is not one of a class.</summary>
    public static bool TryParse([NotNullWhen(true)] string? key, out ClassId id)
    {
        id = default;
        return KeyParts.Split(key, KeyKinds.Class, 2) is [var school, var @class] && TryCreate(school, @class, out id);
    }

    /// <summary>Reads an actor's key.</summary>
    public static ClassId Parse(string key) => TryParse(key, out var id) ? id : throw KeyParts.Malformed(key, "class");

    /// <summary>Makes an id of its parts; false when they are malformed.</summary>
    public static bool TryCreate(string? school, string? @class, out ClassId id)
    {
        id = SchoolId.TryCreate(school, out var s) && @class is not null && KeyParts.Class().IsMatch(@class) ? new ClassId(s.School, @class) : default;
        return id.Class is not null;
    }
}

/// <summary>A student: <c>student/s01/2026110001</c>.</summary>
/// <param name="School">The school's short id.</param>
/// <param name="Number">The student number, lower case.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.StudentId")]
[JsonConverter(typeof(KeyConverter<StudentId>))]
public readonly record struct StudentId([property: Id(0)] string School, [property: Id(1)] string Number) : IKey<StudentId>
{
    /// <summary>The actor's key.</summary>
    public override string ToString() => $"{KeyKinds.Student}/{School}/{Number}";

    /// <summary>Its school.</summary>
    public SchoolId SchoolId => new(School);

    /// <summary>Reads an actor's key; false when it is not one of a student.</summary>
    public static bool TryParse([NotNullWhen(true)] string? key, out StudentId id)
    {
        id = default;
        return KeyParts.Split(key, KeyKinds.Student, 2) is [var school, var number] && TryCreate(school, number, out id);
    }

    /// <summary>Reads an actor's key.</summary>
    public static StudentId Parse(string key) => TryParse(key, out var id) ? id : throw KeyParts.Malformed(key, "student");

    /// <summary>Makes an id of its parts; false when they are malformed.</summary>
    public static bool TryCreate(string? school, string? number, out StudentId id)
    {
        id = SchoolId.TryCreate(school, out var s) && number is not null && KeyParts.Number().IsMatch(number) ? new StudentId(s.School, number) : default;
        return id.Number is not null;
    }
}

/// <summary>A teacher or other member of staff: <c>teacher/s01/t017</c>. Staff numbers repeat across schools, so they carry the school.</summary>
/// <param name="School">The school's short id.</param>
/// <param name="Number">The staff number, lower case.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.TeacherId")]
[JsonConverter(typeof(KeyConverter<TeacherId>))]
public readonly record struct TeacherId([property: Id(0)] string School, [property: Id(1)] string Number) : IKey<TeacherId>
{
    /// <summary>The actor's key.</summary>
    public override string ToString() => $"{KeyKinds.Teacher}/{School}/{Number}";

    /// <summary>Its school.</summary>
    public SchoolId SchoolId => new(School);

    /// <summary>Reads an actor's key; false when it is not one of a teacher.</summary>
    public static bool TryParse([NotNullWhen(true)] string? key, out TeacherId id)
    {
        id = default;
        return KeyParts.Split(key, KeyKinds.Teacher, 2) is [var school, var number] && TryCreate(school, number, out id);
    }

    /// <summary>Reads an actor's key.</summary>
    public static TeacherId Parse(string key) => TryParse(key, out var id) ? id : throw KeyParts.Malformed(key, "teacher");

    /// <summary>Makes an id of its parts; false when they are malformed.</summary>
    public static bool TryCreate(string? school, string? number, out TeacherId id)
    {
        id = SchoolId.TryCreate(school, out var s) && number is not null && KeyParts.Number().IsMatch(number) ? new TeacherId(s.School, number) : default;
        return id.Number is not null;
    }
}

/// <summary>A guardian, opaque and deployment-wide: <c>guardian/6f9c…</c>. Never made from a phone number: a recycled number must not inherit a child.</summary>
/// <param name="Opaque">32 lower-case hexadecimal digits.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.GuardianId")]
[JsonConverter(typeof(KeyConverter<GuardianId>))]
public readonly record struct GuardianId([property: Id(0)] string Opaque) : IKey<GuardianId>
{
    /// <summary>The actor's key.</summary>
    public override string ToString() => $"{KeyKinds.Guardian}/{Opaque}";

    /// <summary>A new one.</summary>
    public static GuardianId New() => new(Guid.NewGuid().ToString("N"));

    /// <summary>Reads an actor's key.</summary>
    public static GuardianId Parse(string key) =>
        KeyParts.Split(key, KeyKinds.Guardian, 1) is [var opaque] && KeyParts.Opaque().IsMatch(opaque) ? new(opaque) : throw KeyParts.Malformed(key, "guardian");
}

/// <summary>An account, opaque and deployment-wide: <c>account/0b1e…</c>.</summary>
/// <param name="Opaque">32 lower-case hexadecimal digits.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.AccountId")]
[JsonConverter(typeof(KeyConverter<AccountId>))]
public readonly record struct AccountId([property: Id(0)] string Opaque) : IKey<AccountId>
{
    /// <summary>The actor's key.</summary>
    public override string ToString() => $"{KeyKinds.Account}/{Opaque}";

    /// <summary>A new one.</summary>
    public static AccountId New() => new(Guid.NewGuid().ToString("N"));

    /// <summary>Reads an actor's key; false when it is not one of an account.</summary>
    public static bool TryParse([NotNullWhen(true)] string? key, out AccountId id)
    {
        id = default;
        return KeyParts.Split(key, KeyKinds.Account, 1) is [var opaque] && TryCreate(opaque, out id);
    }

    /// <summary>Reads an actor's key.</summary>
    public static AccountId Parse(string key) => TryParse(key, out var id) ? id : throw KeyParts.Malformed(key, "account");

    /// <summary>Makes an id of its opaque part; false when it is malformed.</summary>
    public static bool TryCreate(string? opaque, out AccountId id)
    {
        id = opaque is not null && KeyParts.Opaque().IsMatch(opaque) ? new AccountId(opaque) : default;
        return id.Opaque is not null;
    }
}

/// <summary>What the whole class shares on one day: <c>sheet/s01/3-2/2026-11-23</c>.</summary>
/// <param name="School">The school's short id.</param>
/// <param name="Class">Grade and number.</param>
/// <param name="Day">The day, in the school's time zone.</param>
public readonly record struct ClassSheetId(string School, string Class, DateOnly Day)
{
    /// <summary>The actor's key, which is its topic too.</summary>
    public override string ToString() => $"{KeyKinds.Sheet}/{School}/{Class}/{KeyParts.Day(Day)}";

    /// <summary>Its class.</summary>
    public ClassId ClassId => new(School, Class);

    /// <summary>Reads an actor's key; false when it is not one of a class sheet.</summary>
    public static bool TryParse([NotNullWhen(true)] string? key, out ClassSheetId id)
    {
        id = default;
        if (KeyParts.Split(key, KeyKinds.Sheet, 3) is not [var school, var @class, var date] || !ClassId.TryCreate(school, @class, out var c) || !KeyParts.TryDay(date, out var day))
            return false;

        id = new ClassSheetId(c.School, c.Class, day);
        return true;
    }

    /// <summary>Reads an actor's key.</summary>
    public static ClassSheetId Parse(string key) => TryParse(key, out var id) ? id : throw KeyParts.Malformed(key, "class sheet");
}

/// <summary>One child's page on one day: <c>page/s01/2026110001/2026-11-23</c>.</summary>
/// <param name="School">The school's short id.</param>
/// <param name="Student">The student number.</param>
/// <param name="Day">The day, in the school's time zone.</param>
public readonly record struct BookPageId(string School, string Student, DateOnly Day)
{
    /// <summary>The actor's key, which is its topic too.</summary>
    public override string ToString() => $"{KeyKinds.Page}/{School}/{Student}/{KeyParts.Day(Day)}";

    /// <summary>Its student.</summary>
    public StudentId StudentId => new(School, Student);

    /// <summary>Reads an actor's key; false when it is not one of a page.</summary>
    public static bool TryParse([NotNullWhen(true)] string? key, out BookPageId id)
    {
        id = default;
        if (KeyParts.Split(key, KeyKinds.Page, 3) is not [var school, var student, var date] || !StudentId.TryCreate(school, student, out var s) || !KeyParts.TryDay(date, out var day))
            return false;

        id = new BookPageId(s.School, s.Number, day);
        return true;
    }

    /// <summary>Reads an actor's key.</summary>
    public static BookPageId Parse(string key) => TryParse(key, out var id) ? id : throw KeyParts.Malformed(key, "page");
}

/// <summary>Which pages of a class are filled on one day: <c>class-day/s01/3-2/2026-11-23</c>.</summary>
/// <param name="School">The school's short id.</param>
/// <param name="Class">Grade and number.</param>
/// <param name="Day">The day, in the school's time zone.</param>
public readonly record struct ClassDayId(string School, string Class, DateOnly Day)
{
    /// <summary>The actor's key, which is its topic too.</summary>
    public override string ToString() => $"{KeyKinds.ClassDay}/{School}/{Class}/{KeyParts.Day(Day)}";

    /// <summary>Its class.</summary>
    public ClassId ClassId => new(School, Class);

    /// <summary>Reads an actor's key; false when it is not one of a class's day.</summary>
    public static bool TryParse([NotNullWhen(true)] string? key, out ClassDayId id)
    {
        id = default;
        if (KeyParts.Split(key, KeyKinds.ClassDay, 3) is not [var school, var @class, var date] || !ClassId.TryCreate(school, @class, out var c) || !KeyParts.TryDay(date, out var day))
            return false;

        id = new ClassDayId(c.School, c.Class, day);
        return true;
    }

    /// <summary>Reads an actor's key.</summary>
    public static ClassDayId Parse(string key) => TryParse(key, out var id) ? id : throw KeyParts.Malformed(key, "class's day");
}

/// <summary>What teachers prepare for a class sheet: <c>sheet-draft/s01/3-2/2026-11-23</c>. A topic of its own, because families must not see it yet (L1).</summary>
/// <param name="School">The school's short id.</param>
/// <param name="Class">The class.</param>
/// <param name="Day">The day of the sheet, in the school's time zone.</param>
public readonly record struct SheetDraftId(string School, string Class, DateOnly Day)
{
    /// <summary>The actor's key, which is its topic too.</summary>
    public override string ToString() => $"{KeyKinds.SheetDraft}/{School}/{Class}/{KeyParts.Day(Day)}";

    /// <summary>Its class.</summary>
    public ClassId ClassId => new(School, Class);

    /// <summary>The sheet that it is for.</summary>
    public ClassSheetId Sheet => new(School, Class, Day);

    /// <summary>Reads an actor's key; false when it is not one of a draft.</summary>
    public static bool TryParse([NotNullWhen(true)] string? key, out SheetDraftId id)
    {
        id = default;
        if (KeyParts.Split(key, KeyKinds.SheetDraft, 3) is not [var school, var @class, var date] || !ClassId.TryCreate(school, @class, out var c) || !KeyParts.TryDay(date, out var day))
            return false;

        id = new SheetDraftId(c.School, c.Class, day);
        return true;
    }

    /// <summary>Reads an actor's key.</summary>
    public static SheetDraftId Parse(string key) => TryParse(key, out var id) ? id : throw KeyParts.Malformed(key, "draft of a class sheet");
}

/// <summary>A teacher's templates for class sheets: <c>sheet-templates/s01/t017</c>.</summary>
/// <param name="Teacher">Whose.</param>
public readonly record struct SheetTemplatesId(TeacherId Teacher)
{
    /// <summary>The actor's key.</summary>
    public override string ToString() => $"{KeyKinds.SheetTemplates}/{Teacher.School}/{Teacher.Number}";
}

/// <summary>One month of one child's contact book: <c>book-month/s01/0042/2026-11</c>.</summary>
/// <param name="School">The school's short id.</param>
/// <param name="Student">The student number.</param>
/// <param name="First">The first day of the month.</param>
public readonly record struct BookMonthId(string School, string Student, DateOnly First)
{
    /// <summary>The actor's key.</summary>
    public override string ToString() => $"{KeyKinds.BookMonth}/{School}/{Student}/{KeyParts.Day(First)[..7]}";

    /// <summary>Its student.</summary>
    public StudentId StudentId => new(School, Student);

    /// <summary>The month that holds a day.</summary>
    public static BookMonthId Of(StudentId student, DateOnly day) => new(student.School, student.Number, new DateOnly(day.Year, day.Month, 1));

    /// <summary>Makes an id of its parts; false when they are malformed.</summary>
    /// <param name="school">The school's short id.</param>
    /// <param name="student">The student number.</param>
    /// <param name="month">E.g. <c>2026-11</c>.</param>
    /// <param name="id">The id.</param>
    public static bool TryCreate(string? school, string? student, string? month, out BookMonthId id)
    {
        id = default;
        if (!StudentId.TryCreate(school, student, out var s) || !KeyParts.TryDay($"{month}-01", out var first))
            return false;

        id = new BookMonthId(s.School, s.Number, first);
        return true;
    }

    /// <summary>Reads an actor's key.</summary>
    public static BookMonthId Parse(string key) =>
        KeyParts.Split(key, KeyKinds.BookMonth, 3) is [var school, var student, var month] && TryCreate(school, student, month, out var id) ? id : throw KeyParts.Malformed(key, "month of a book");
}

/// <summary>What a class has chosen for its contact book: <c>class-book/s01/2024-2</c>.</summary>
/// <param name="Class">Whose.</param>
public readonly record struct ClassBookId(ClassId Class)
{
    /// <summary>The actor's key.</summary>
    public override string ToString() => $"{KeyKinds.ClassBook}/{Class.School}/{Class.Class}";

    /// <summary>Reads an actor's key.</summary>
    public static ClassBookId Parse(string key) =>
        KeyParts.Split(key, KeyKinds.ClassBook, 2) is [var school, var @class] && ClassId.TryCreate(school, @class, out var id) ? new(id) : throw KeyParts.Malformed(key, "contact book of a class");
}

/// <summary>A name that somebody signs in with: <c>login/staff/s01/t017</c>, or <c>login/phone/</c> and the number's hash: keys are written to logs, phone numbers are not.</summary>
public readonly partial record struct LoginNameId
{
    private LoginNameId(string key) => Key = key;

    private string Key { get; }

    /// <summary>The actor's key.</summary>
    public override string ToString() => Key;

    /// <summary>A phone number in E.164 form (<c>+8619910000001</c>); throws when it is not.</summary>
    public static LoginNameId Phone(string e164) =>
        E164().IsMatch(e164) ? new($"{KeyKinds.Login}/phone/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(e164)))[..40]}") : throw new FormatException("Not a phone number in E.164 form.");

    /// <summary>A staff number.</summary>
    public static LoginNameId Staff(TeacherId teacher) => new($"{KeyKinds.Login}/staff/{teacher.School}/{teacher.Number}");

    /// <summary>A number that we made up for somebody without a phone number of their own: eight digits.</summary>
    public static LoginNameId Number(string digits) =>
        MadeUp().IsMatch(digits) ? new($"{KeyKinds.Login}/number/{digits}") : throw new FormatException("Not a sign-in number of ours.");

    /// <summary>Somebody as a school's own identity provider knows them (OpenID Connect).</summary>
    /// <param name="issuer">The provider's issuer.</param>
    /// <param name="subject">The provider's <c>sub</c>.</param>
    public static LoginNameId OpenId(string issuer, string subject) =>
        new($"{KeyKinds.Login}/openid/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{issuer}\n{subject}")))[..40]}");

    /// <summary>A student number, for schools that give students accounts.</summary>
    public static LoginNameId Student(StudentId student) => new($"{KeyKinds.Login}/student/{student.School}/{student.Number}");

    [GeneratedRegex(@"^\+[1-9][0-9]{6,14}\z", RegexOptions.CultureInvariant)]
    private static partial Regex E164();

    [GeneratedRegex(@"^[1-9][0-9]{7}\z", RegexOptions.CultureInvariant)]
    private static partial Regex MadeUp();
}

/// <summary>Older updates of one section: <c>text-history/page/s01/2026110001/2026-11-23/words/3</c>.</summary>
/// <param name="Document">The key of the page or sheet.</param>
/// <param name="Section">The section.</param>
/// <param name="Chunk">Which chunk, from 0.</param>
public readonly record struct TextHistoryId(string Document, string Section, int Chunk)
{
    /// <summary>The actor's key.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{KeyKinds.TextHistory}/{Document}/{Section}/{Chunk}");
}

/// <summary>The import of one roster: <c>import/s01/6f9c…</c>.</summary>
/// <param name="School">The school's short id.</param>
/// <param name="Opaque">32 lower-case hexadecimal digits: the operation id of the upload.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.ImportId")]
[JsonConverter(typeof(KeyConverter<ImportId>))]
public readonly record struct ImportId([property: Id(0)] string School, [property: Id(1)] string Opaque) : IKey<ImportId>
{
    /// <summary>The actor's key, which is its topic too.</summary>
    public override string ToString() => $"{KeyKinds.Import}/{School}/{Opaque}";

    /// <summary>Its school.</summary>
    public SchoolId SchoolId => new(School);

    /// <summary>The key of one part of it.</summary>
    public string Part(int part) => string.Create(CultureInfo.InvariantCulture, $"{KeyKinds.ImportPart}/{School}/{Opaque}/{part}");

    /// <summary>Reads an actor's key; false when it is not one of an import.</summary>
    public static bool TryParse([NotNullWhen(true)] string? key, out ImportId id)
    {
        id = default;
        return KeyParts.Split(key, KeyKinds.Import, 2) is [var school, var opaque] && TryCreate(school, opaque, out id);
    }

    /// <summary>Reads an actor's key.</summary>
    public static ImportId Parse(string key) => TryParse(key, out var id) ? id : throw KeyParts.Malformed(key, "import");

    /// <summary>Makes an id of its parts; false when they are malformed.</summary>
    public static bool TryCreate(string? school, string? opaque, out ImportId id)
    {
        id = SchoolId.TryCreate(school, out var s) && opaque is not null && KeyParts.Opaque().IsMatch(opaque) ? new ImportId(s.School, opaque) : default;
        return id.Opaque is not null;
    }
}

/// <summary>The audit log of one school and day: <c>audit/s01/2026-11-23</c>.</summary>
/// <param name="School">The school's short id.</param>
/// <param name="Day">The day, in the school's time zone.</param>
public readonly record struct AuditDayId(string School, DateOnly Day)
{
    /// <summary>The actor's key.</summary>
    public override string ToString() => $"{KeyKinds.Audit}/{School}/{KeyParts.Day(Day)}";

    /// <summary>The key of a chunk of its older entries.</summary>
    public string Chunk(int chunk) => string.Create(CultureInfo.InvariantCulture, $"{KeyKinds.AuditChunk}/{School}/{KeyParts.Day(Day)}/{chunk}");

    /// <summary>Reads an actor's key; false when it is not one of an audit log.</summary>
    public static bool TryParse([NotNullWhen(true)] string? key, out AuditDayId id)
    {
        id = default;
        if (KeyParts.Split(key, KeyKinds.Audit, 2) is not [var school, var date] || !SchoolId.TryCreate(school, out var s) || !KeyParts.TryDay(date, out var day))
            return false;

        id = new AuditDayId(s.School, day);
        return true;
    }

    /// <summary>Reads an actor's key.</summary>
    public static AuditDayId Parse(string key) => TryParse(key, out var id) ? id : throw KeyParts.Malformed(key, "day's audit log");
}

/// <summary>Who left a school in one calendar year: <c>leavers/s01/2026</c>.</summary>
/// <param name="School">The school's short id.</param>
/// <param name="Year">The calendar year of their leaving.</param>
public readonly record struct LeaversId(string School, int Year)
{
    /// <summary>The actor's key.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{KeyKinds.Leavers}/{School}/{Year:0000}");
}

/// <summary>
/// A slip by which one guardian gets access to one child: <c>invite/</c> and a hash of the code on the slip. The code itself is printed once and kept nowhere.
/// </summary>
/// <param name="Hash">40 lower-case hexadecimal digits.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.InvitationId")]
[JsonConverter(typeof(KeyConverter<InvitationId>))]
public readonly partial record struct InvitationId([property: Id(0)] string Hash) : IKey<InvitationId>
{
    /// <summary>Letters and digits that are not mistaken for one another on paper.</summary>
    public const string Legible = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";

    /// <summary>How many of them a code has. Guessing one of a school's thousand slips takes 10⁹ tries.</summary>
    public const int CodeLength = 10;

    /// <summary>The actor's key.</summary>
    public override string ToString() => $"{KeyKinds.Invitation}/{Hash}";

    /// <summary>A new code, as it is printed but for the dashes.</summary>
    public static string NewCode() => RandomNumberGenerator.GetString(Legible, CodeLength);

    /// <summary>The slip of a code as somebody has typed it: case, spaces and dashes do not count. Null when it can be no code.</summary>
    public static InvitationId? OfCode(string? typed)
    {
        if (typed is null || typed.Length > 40)
            return null;

        var code = new string([.. typed.Where(char.IsAsciiLetterOrDigit).Select(char.ToUpperInvariant)]);
        return code.Length == CodeLength && code.All(one => Legible.Contains(one, StringComparison.Ordinal))
            ? new InvitationId(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"slip\n{code}")))[..40])
            : null;
    }

    /// <summary>Reads an actor's key.</summary>
    public static InvitationId Parse(string key) =>
        KeyParts.Split(key, KeyKinds.Invitation, 1) is [var hash] && Hashed().IsMatch(hash) ? new(hash) : throw KeyParts.Malformed(key, "slip");

    [GeneratedRegex(@"^[0-9a-f]{40}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Hashed();
}

/// <summary>A bearer token of a program: <c>api-token/0b1e…</c>.</summary>
/// <param name="Opaque">32 lower-case hexadecimal digits. Not the secret.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.ApiTokenId")]
[JsonConverter(typeof(KeyConverter<ApiTokenId>))]
public readonly record struct ApiTokenId([property: Id(0)] string Opaque) : IKey<ApiTokenId>
{
    /// <summary>The actor's key.</summary>
    public override string ToString() => $"{KeyKinds.ApiToken}/{Opaque}";

    /// <summary>A new one.</summary>
    public static ApiTokenId New() => new(Guid.NewGuid().ToString("N"));

    /// <summary>Reads an actor's key.</summary>
    public static ApiTokenId Parse(string key) =>
        KeyParts.Split(key, KeyKinds.ApiToken, 1) is [var opaque] && TryCreate(opaque, out var id) ? id : throw KeyParts.Malformed(key, "bearer token");

    /// <summary>Makes an id of its opaque part; false when it is malformed.</summary>
    public static bool TryCreate(string? opaque, out ApiTokenId id)
    {
        id = opaque is not null && KeyParts.Opaque().IsMatch(opaque) ? new ApiTokenId(opaque) : default;
        return id.Opaque is not null;
    }
}
