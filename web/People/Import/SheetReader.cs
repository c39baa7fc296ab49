using System.Collections.Immutable;
using System.Globalization;
using SchoolHome.People;
using SchoolHome.School;

namespace SchoolHome.Web.People.Import;

/// <summary>Reads the sheets of our own form, from a workbook or CSV. All that is wrong is collected; what cells say is text, never computed and never run.</summary>
internal static class SheetReader
{
    private static readonly string RelationWords = string.Join('、', OwnForm.Relations.Select(one => one.Word));
    private static readonly string PostWords = string.Join('、', OwnForm.Offices.Select(one => one.Word).Concat(OwnForm.Duties.Select(one => one.Word)));

    public static ImmutableArray<RosterStudent> Students(Table table, SchoolId school, DateOnly today, Dictionary<ClassPlace, int> classes, Findings findings)
    {
        var students = ImmutableArray.CreateBuilder<RosterStudent>();
        if (HeadedTable.Open(table, OwnForm.StudentColumns, findings) is not { } sheet)
            return [];

        var guardians = GuardianColumns(sheet);
        var seen = new Dictionary<StudentId, int>();
        var rows = 0;
        foreach (var row in sheet.Rows())
        {
            if (++rows > ImportLimits.MostStudents)
            {
                findings.Problem(table.File, row.Number, null, "too-many-rows", Written(ImportLimits.MostStudents));
                break;
            }

            var reading = new RowReading(table.File, row, findings);
            var name = reading.Name("姓名", "name-missing");
            var id = Number<StudentId>(reading, "学号", number => StudentId.TryCreate(school.School, number, out var made) ? made : null, seen);
            var place = Place(reading);
            if (place is { } known)
                _ = classes.TryAdd(known, row.Number);

            students.Add(new RosterStudent(
                id ?? default,
                name,
                place,
                Gender(reading),
                BirthDate(reading, today),
                Status(reading),
                Guardians(reading, guardians),
                KeepsUnlisted: false,
                External: null));
        }

        if (rows == 0)
            findings.Problem(table.File, 0, null, "sheet-empty");
        return students.DrainToImmutable();
    }

    /// <param name="table">The sheet.</param>
    /// <param name="school">The school.</param>
    /// <param name="classes">What classes there are to be taught, by their place, and the names of those that are not called in the usual way.</param>
    /// <param name="findings">Takes what is wrong.</param>
    public static ImmutableArray<RosterTeacher> Staff(Table table, SchoolId school, TeachableClasses classes, Findings findings)
    {
        var staff = ImmutableArray.CreateBuilder<RosterTeacher>();
        if (HeadedTable.Open(table, OwnForm.StaffColumns, findings) is not { } sheet)
            return [];

        var seen = new Dictionary<TeacherId, int>();
        var classTeachers = new Dictionary<ClassPlace, int>();
        var rows = 0;
        foreach (var row in sheet.Rows())
        {
            if (++rows > ImportLimits.MostStudents)
            {
                findings.Problem(table.File, row.Number, null, "too-many-rows", Written(ImportLimits.MostStudents));
                break;
            }

            var reading = new RowReading(table.File, row, findings);
            var name = reading.Name("姓名", "name-missing");
            var id = Number<TeacherId>(reading, "工号", number => TeacherId.TryCreate(school.School, number, out var made) ? made : null, seen);
            var phone = reading.Text("手机") is { Length: > 0 } written ? Phone(reading, "手机", written) : null;
            var (offices, kind) = Posts(reading);
            var duties = Duties(reading, kind, classes);
            foreach (var duty in duties.Where(duty => duty.Kind is DutyKind.ClassTeacher))
            {
                if (!classTeachers.TryAdd(duty.Class, row.Number))
                    reading.Problem("任教班级", "second-class-teacher", duty.Class.UsualName, Written(classTeachers[duty.Class]));
            }

            staff.Add(new RosterTeacher(id ?? default, name, phone, duties, KeepsCounselling: false, offices, External: null));
        }

        if (rows == 0)
            findings.Problem(table.File, 0, null, "sheet-empty");
        return staff.DrainToImmutable();
    }

    private static TId? Number<TId>(RowReading reading, string column, Func<string, TId?> make, Dictionary<TId, int> seen)
        where TId : struct
    {
        if (reading.Exact(column) is not { } written)
            return null;
        if (written.Length == 0)
        {
            reading.Problem(column, "number-missing", column);
            return null;
        }

        if (make(written.ToLowerInvariant()) is not { } id)
        {
            reading.Problem(column, "number-malformed", column, Shown(written));
            return null;
        }

        if (!seen.TryAdd(id, reading.Row))
            reading.Problem(column, "number-twice", column, Written(seen[id]));
        return id;
    }

    private static ClassPlace? Place(RowReading reading)
    {
        var (grade, @class) = (reading.Text("年级"), reading.Text("班级"));
        // 三年级2班 in the column of classes says both.
        if (@class is { Length: > 0 } && OwnForm.PlaceOf(@class) is { } whole && (grade is not { Length: > 0 } || OwnForm.GradeOf(grade) == whole.Grade))
            return whole;

        int? gradeOf = null, number = null;
        if (grade is { Length: 0 })
            reading.Problem("年级", "grade-missing");
        else if (grade is not null && (gradeOf = OwnForm.GradeOf(grade)) is null)
            reading.Problem("年级", "grade-unknown", Shown(grade));
        if (@class is { Length: 0 })
            reading.Problem("班级", "class-missing");
        else if (@class is not null && (number = OwnForm.NumberOf(@class)) is null)
            reading.Problem("班级", "class-unknown", Shown(@class));

        return gradeOf is { } g && number is { } n ? new ClassPlace(g, n) : null;
    }

    private static string? Gender(RowReading reading)
    {
        var gender = reading.Text("性别");
        if (gender is not (null or "" or "男" or "女"))
            reading.Problem("性别", "gender-unknown");
        return gender is "男" or "女" ? gender : null;
    }

    private static DateOnly? BirthDate(RowReading reading, DateOnly today)
    {
        if (reading.Text("出生日期") is not { Length: > 0 } written)
            return null;

        var date = OwnForm.DateOf(written);
        if (date is null)
            reading.Problem("出生日期", "date-malformed", Shown(written));
        else if (date.Value.Year < 1950 || date > today)
            reading.Problem("出生日期", "date-implausible", Shown(written));
        return date;
    }

    private static string? Status(RowReading reading)
    {
        if (reading.Text("特殊情况") is not { Length: > 0 } status)
            return null;
        if (status.Length > OwnForm.LongestStatus)
            reading.Problem("特殊情况", "status-too-long", Written(OwnForm.LongestStatus));
        return status;
    }

    private static ImmutableArray<int> GuardianColumns(HeadedTable sheet) =>
        [.. Enumerable.Range(1, 30).Where(i => sheet.Has($"家长{i}姓名") && sheet.Has($"家长{i}关系") && sheet.Has($"家长{i}手机"))];

    private static ImmutableArray<ListedGuardian> Guardians(RowReading reading, ImmutableArray<int> columns)
    {
        var guardians = ImmutableArray.CreateBuilder<ListedGuardian>();
        var isNone = false;
        foreach (var i in columns)
        {
            var (named, related, reached) = ($"家长{i}姓名", $"家长{i}关系", $"家长{i}手机");
            if (reading.IsEmpty(named) && reading.IsEmpty(related) && reading.IsEmpty(reached))
                continue;
            if (i == 1 && reading.Text(named) == OwnForm.NoGuardian && reading.IsEmpty(related) && reading.IsEmpty(reached))
            {
                isNone = true;
                continue;
            }

            var name = reading.Name(named, "name-missing");
            var relation = reading.Text(related) is { Length: > 0 } word ? OwnForm.RelationOf(word) : null;
            if (reading.Text(related) is { } unknown && relation is null)
            {
                if (unknown.Length == 0)
                    reading.Problem(related, "relation-missing", RelationWords);
                else
                    reading.Problem(related, "relation-unknown", Shown(unknown), RelationWords);
            }

            var phone = reading.Text(reached);
            if (phone is { Length: 0 })
                reading.Warning(reached, "phone-missing");
            guardians.Add(new ListedGuardian(name, relation, phone is { Length: > 0 } ? Phone(reading, reached, phone) ?? "" : "", null));
        }

        if (guardians.Count == 0 && !isNone)
            reading.Problem(null, "guardians-missing");
        if (guardians.Count > PeopleLimits.MostGuardians)
            reading.Problem(null, "guardians-too-many", Written(PeopleLimits.MostGuardians));
        return guardians.DrainToImmutable();
    }

    private static string? Phone(RowReading reading, string column, string written)
    {
        var phone = Phones.Normalize(written);
        if (phone is null)
            reading.Problem(column, "phone-malformed");
        return phone;
    }

    private static (ImmutableArray<Office> Offices, DutyKind Kind) Posts(RowReading reading)
    {
        var offices = ImmutableArray.CreateBuilder<Office>();
        var kind = DutyKind.SubjectTeacher;
        foreach (var word in DutyText.Words(reading.Text("职务") ?? ""))
        {
            if (OwnForm.Offices.FirstOrDefault(one => one.Word == word) is { Word: not null } office)
            {
                if (!offices.Contains(office.Office))
                    offices.Add(office.Office);
            }
            else if (OwnForm.Duties.FirstOrDefault(one => one.Word == word) is { Word: not null } duty)
            {
                if (kind is DutyKind.SubjectTeacher)
                    kind = duty.Kind;
            }
            else
            {
                reading.Problem("职务", "post-unknown", Shown(word), PostWords);
            }
        }

        return (offices.DrainToImmutable(), kind);
    }

    private static ImmutableArray<RosterDuty> Duties(RowReading reading, DutyKind kind, TeachableClasses classes)
    {
        var subjects = DutyText.Words(reading.Text("学科") ?? "");
        var duties = ImmutableArray.CreateBuilder<RosterDuty>();
        foreach (var item in DutyText.Parse(reading.Text("任教班级") ?? ""))
        {
            if (item.Class.Length == 0 || item.IsMalformed)
                reading.Problem("任教班级", "duty-malformed", Shown(item.Written));
            else if (classes.Find(item.Class) is not { } place)
                reading.Problem("任教班级", "class-not-there", Shown(item.Class));
            else if (duties.Any(one => one.Class == place))
                reading.Problem("任教班级", "class-listed-twice", Shown(item.Class));
            else
                duties.Add(new RosterDuty(place, item.Kind ?? kind, item.IsDetailed ? item.Subjects : subjects));
        }

        return duties.DrainToImmutable();
    }

    private static string Shown(string cell) => cell.Length > 30 ? cell[..30] + "…" : cell;

    private static string Written(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>One row, and what is wrong with it.</summary>
    private sealed class RowReading(string file, HeadedRow row, Findings findings)
    {
        private readonly HashSet<string> _told = new(StringComparer.Ordinal);

        public int Row => row.Number;

        public void Problem(string? column, string code, params ReadOnlySpan<string> values) => findings.Problem(file, row.Number, column, code, values);

        public void Warning(string? column, string code, params ReadOnlySpan<string> values) => findings.Warning(file, row.Number, column, code, values);

        public bool IsEmpty(string column) => row.Cell(column).Kind is CellKind.Empty;

        /// <summary>What a cell says; null when that cannot be used, which is told once.</summary>
        public string? Text(string column)
        {
            var cell = row.Cell(column);
            switch (cell.Kind)
            {
                case CellKind.Formula:
                    Once(column, "formula");
                    return null;
                case CellKind.Error:
                    Once(column, "cell-error", cell.Text);
                    return null;
                default:
                    return cell.Text;
            }
        }

        /// <summary>The same where every digit counts.</summary>
        public string? Exact(string column)
        {
            if (row.Cell(column).Kind is not CellKind.LongNumber)
                return Text(column);
            Once(column, "digits-lost");
            return null;
        }

        public string Name(string column, string missing)
        {
            if (Text(column) is not { } name)
                return "";
            if (name.Length == 0)
                Problem(column, missing);
            else if (name.Length > PeopleLimits.LongestName)
                Problem(column, "name-too-long", Written(PeopleLimits.LongestName));
            else if (FormulaMark.IsRisky(name[0]) && row.Cell(column).Kind is not CellKind.MarkedText)
                Problem(column, "looks-like-formula", Shown(name), name[..1]);
            return name;
        }

        private void Once(string column, string code, params ReadOnlySpan<string> values)
        {
            if (_told.Add(column))
                Problem(column, code, values);
        }
    }
}

/// <summary>The classes that staff can teach: those of the file and those of the school.</summary>
internal sealed class TeachableClasses(IEnumerable<ClassPlace> listed, IEnumerable<SchoolClass> there)
{
    private readonly HashSet<ClassPlace> _places = [.. listed, .. there.Select(one => new ClassPlace(one.Grade, one.Number))];
    private readonly ILookup<string, ClassPlace> _named = there.ToLookup(one => one.Name.Trim(), one => new ClassPlace(one.Grade, one.Number), StringComparer.Ordinal);

    /// <summary>By its usual name, or by the one that it has; null when there is no such class, or there are two.</summary>
    public ClassPlace? Find(string name)
    {
        if (OwnForm.PlaceOf(name) is { } usual && _places.Contains(usual))
            return usual;

        ClassPlace? found = null;
        foreach (var one in _named[name])
        {
            if (found is not null)
                return null;
            found = one;
        }

        return found;
    }
}
