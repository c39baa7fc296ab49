using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using SchoolHome.People;
using SchoolHome.School;

namespace SchoolHome.Web.People.Import;

/// <summary>
/// What a OneRoster bundle says of one school, in our words. Its homerooms are our classes, and their teacher the class teacher; who teaches another section teaches, in each homeroom of that section's
/// students, the section's course. Guardians are the agents of students, whichever of the two names the other.
/// </summary>
internal sealed partial class OneRosterReader
{
    private const int MostSessions = 20;

    private readonly OneRosterBundle _bundle;
    private readonly SchoolNow _now;
    private readonly DateOnly _today;
    private readonly string _org;
    private readonly Findings _findings;
    private readonly ILookup<string, (string Role, string Org, bool IsDeleted)> _roles;
    private readonly Dictionary<string, StudentId> _studentsThere;
    private readonly Dictionary<string, TeacherId> _staffThere;
    private readonly Dictionary<string, GuardianEntry> _guardiansThere;
    private readonly List<(string Id, RosterStudent Student)> _students = [];
    private readonly Dictionary<string, RosterClass> _homerooms = new(StringComparer.Ordinal);

    private OneRosterReader(OneRosterBundle bundle, SchoolNow now, DateOnly today, string org, Findings findings)
    {
        (_bundle, _now, _today, _org, _findings) = (bundle, now, today, org, findings);
        _roles = RolesOf(bundle);
        _studentsThere = ByExternal(now.Students, one => one.External);
        _staffThere = ByExternal(now.Staff, one => one.External);
        _guardiansThere = now.Students.Values.SelectMany(one => one.Guardians).Where(one => one.External is not null).DistinctBy(one => one.External).ToDictionary(one => one.External!, StringComparer.Ordinal);
    }

    /// <summary>Reads one school of a bundle: the one that is asked for, else the one that this school was imported as, else the only one.</summary>
    public static RosterReading Read(OneRosterBundle? bundle, SchoolNow now, DateOnly today, string? org, Findings findings)
    {
        if (bundle is null)
            return new(null, []);

        var schools = SchoolsOf(bundle);
        if (schools.Length == 0 && bundle.IsDelta && now.External is { } known)
            schools = [new SchoolChoice(known, "", 0)];
        if (schools.Length == 0)
        {
            findings.Problem("orgs.csv", 0, null, "oneroster-no-school");
            return new(null, []);
        }

        var chosen = org ?? (schools.Any(one => one.Org == now.External) ? now.External : schools.Length == 1 ? schools[0].Org : null);
        if (chosen is null)
            return new(null, schools);
        if (schools.FirstOrDefault(one => one.Org == chosen) is not { } school)
        {
            findings.Problem("orgs.csv", 0, null, "oneroster-no-such-school");
            return new(null, []);
        }

        if (now.External is not null && now.External != chosen)
            findings.Warning("orgs.csv", 0, null, "oneroster-other-school", school.Name);
        var roster = new OneRosterReader(bundle, now, today, chosen, findings).Roster();
        return new(findings.ProblemCount > 0 ? null : roster, []);
    }

    private static ImmutableArray<SchoolChoice> SchoolsOf(OneRosterBundle bundle)
    {
        var roles = RolesOf(bundle);
        var students = roles.SelectMany(user => user.Where(one => one.Role == "student" && !one.IsDeleted).Select(one => one.Org).Distinct())
            .GroupBy(one => one, StringComparer.Ordinal).ToDictionary(one => one.Key, one => one.Count(), StringComparer.Ordinal);
        var named = bundle.Orgs.Active.Where(one => one["type"].Equals("school", StringComparison.OrdinalIgnoreCase)).Select(one => (one.Id, Name: one["name"]));
        if (bundle.IsDelta)
        {
            // A delta leaves out schools that have not changed.
            var others = bundle.Orgs.Rows.Select(one => one.Id).ToHashSet(StringComparer.Ordinal);
            named = named.Concat(bundle.Classes.Rows.Concat(bundle.Enrollments.Rows).Select(one => one["schoolSourcedId"]).Where(one => one.Length > 0 && !others.Contains(one))
                .Distinct(StringComparer.Ordinal).Select(one => (one, "")));
        }

        return [.. named.DistinctBy(one => one.Item1).Select(one => new SchoolChoice(one.Item1, one.Item2, students.GetValueOrDefault(one.Item1)))];
    }

    private static ILookup<string, (string Role, string Org, bool IsDeleted)> RolesOf(OneRosterBundle bundle) =>
        bundle.Roles.Rows.Select(row => (User: row["userSourcedId"], Role: row["role"].ToLowerInvariant(), Org: row["orgSourcedId"], row.IsDeleted))
            .Concat(bundle.Is12 && bundle.Roles.Rows.Count > 0
                ? []
                : bundle.Users.Rows.SelectMany(row => row.List("orgSourcedIds").DefaultIfEmpty("").Select(org => (User: row.Id, Role: row["role"].ToLowerInvariant(), Org: org, row.IsDeleted))))
            .Where(one => one.Role.Length > 0)
            .ToLookup(one => one.User, one => (one.Role, one.Org, one.IsDeleted), StringComparer.Ordinal);

    private static Dictionary<string, TId> ByExternal<TId, TProfile>(IReadOnlyDictionary<TId, TProfile> people, Func<TProfile, string?> external)
        where TId : struct
        => people.Where(one => external(one.Value) is not null).DistinctBy(one => external(one.Value)).ToDictionary(one => external(one.Value)!, one => one.Key, StringComparer.Ordinal);

    private Roster Roster()
    {
        Sessions();
        Homerooms();
        var enrollments = _bundle.Enrollments.Rows.Where(IsCurrent).ToLookup(row => row["userSourcedId"], StringComparer.Ordinal);
        var students = Students(enrollments);
        var staff = Staff(enrollments, students);
        if (!_bundle.IsDelta && students.IsEmpty && _findings.ProblemCount == 0)
            _findings.Problem("users.csv", 0, null, "oneroster-no-students");
        if (students.Length > ImportLimits.MostStudents)
            _findings.Problem("users.csv", 0, null, "too-many-rows", Written(ImportLimits.MostStudents));

        return new Roster(
            _bundle.IsDelta ? RosterFormat.OneRosterDelta : RosterFormat.OneRosterBulk,
            _org,
            [.. _homerooms.Values],
            [.. students.Select(one => one.Student)],
            staff,
            NamesEverybody: !_bundle.IsDelta);
    }

    private void Sessions()
    {
        foreach (var session in _bundle.Sessions.Active.Where(one => one["type"].ToLowerInvariant() is "term" or "semester" or "schoolyear").Take(MostSessions))
            _findings.Warning("academicSessions.csv", session.Number, null, "oneroster-session", session["title"], session["startDate"], session["endDate"]);
    }

    private void Homerooms()
    {
        var there = _now.Classes.Where(one => one.External is not null).DistinctBy(one => one.External).ToDictionary(one => one.External!, StringComparer.Ordinal);
        var rows = _bundle.Classes.Rows.Where(row => row["schoolSourcedId"] == _org && IsHomeroom(row)).ToList();
        foreach (var deleted in rows.Where(row => row.IsDeleted && there.ContainsKey(row.Id)))
            _findings.Warning("classes.csv", deleted.Number, null, "oneroster-class-deleted", there[deleted.Id].Name);

        var taken = new HashSet<ClassPlace>();
        var isNew = new List<(OneRosterRow Row, int Grade)>();
        foreach (var row in rows.Where(row => !row.IsDeleted))
        {
            // A class that has come from there before keeps its place, whatever it is called by now.
            if (there.TryGetValue(row.Id, out var known))
            {
                _ = taken.Add(new(known.Grade, known.Number));
                _homerooms[row.Id] = new RosterClass(new(known.Grade, known.Number), Title(row), row.Id);
            }
            else if (GradeOf(row) is { } grade)
            {
                isNew.Add((row, grade));
            }
            else
            {
                _findings.Problem("classes.csv", row.Number, "grades", "oneroster-grade", row["title"], row["grades"]);
            }
        }

        foreach (var (row, grade) in isNew.OrderBy(one => one.Grade).ThenBy(one => one.Row["title"], StringComparer.Ordinal).ThenBy(one => one.Row.Id, StringComparer.Ordinal))
        {
            var place = new[] { TrailingNumber(row["title"]), TrailingNumber(row["classCode"]) }.OfType<int>().Select(number => new ClassPlace(grade, number))
                .Concat(Enumerable.Range(1, ClassPlace.MostNumber).Select(number => new ClassPlace(grade, number)))
                .Cast<ClassPlace?>().FirstOrDefault(one => !taken.Contains(one!.Value));
            if (place is null)
            {
                _findings.Problem("classes.csv", row.Number, null, "oneroster-too-many-homerooms", Written(ClassPlace.MostNumber));
                continue;
            }

            _ = taken.Add(place.Value);
            _homerooms[row.Id] = new RosterClass(place.Value, Title(row), row.Id);
        }

        // Those that a delta does not name are still there.
        if (_bundle.IsDelta)
        {
            foreach (var (external, known) in there)
                _ = _homerooms.TryAdd(external, new RosterClass(new(known.Grade, known.Number), known.Name, external));
        }
    }

    private ImmutableArray<(string Id, RosterStudent Student)> Students(ILookup<string, OneRosterRow> enrollments)
    {
        var numbers = new Numbers<StudentId>(
            _studentsThere, number => StudentId.TryCreate(_now.School.School, number, out var id) ? id : null, id => _now.Students.GetValueOrDefault(id)?.External, id => id.Number);
        var rows = _bundle.Users.Rows.Where(row => row.Id.Length > 0 && IsStudent(row.Id, row, enrollments)).ToList();
        var wards = WardsOf(rows);
        var tellsGuardians = wards.Count > 0;
        foreach (var row in rows)
        {
            if (row.IsDeleted)
            {
                if (_studentsThere.TryGetValue(row.Id, out var leaver))
                    _students.Add((row.Id, Leaving(leaver)));
                else if (_bundle.IsDelta)
                    _findings.Warning("users.csv", row.Number, "sourcedId", "oneroster-unknown-person", Shown(row.Id));
                continue;
            }

            var name = NameOf(row);
            var id = NumberOf(numbers, row, name);
            var before = _now.Students.GetValueOrDefault(id);
            if (HomeroomOf(row.Id, name, row.Number, enrollments[row.Id], before) is not { } homeroom)
                continue;

            var (gender, birth) = Demographics(row.Id);
            var guardians = Guardians(row.Id, wards, before, tellsGuardians);
            _students.Add((row.Id, new RosterStudent(id, name, homeroom, gender, birth, default, guardians.Guardians, guardians.KeepsUnlisted, row.Id)));
        }

        if (_bundle.IsDelta)
            OnlyTouched(rows, wards, enrollments);
        return [.. _students];
    }

    /// <summary>Students of whom a delta says something without naming themselves: another homeroom, a guardian's new number, a role that has ended.</summary>
    private void OnlyTouched(List<OneRosterRow> named, ILookup<string, string> wards, ILookup<string, OneRosterRow> enrollments)
    {
        var told = named.Select(one => one.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var (external, id) in _studentsThere.Where(one => !told.Contains(one.Key)).OrderBy(one => one.Value.Number, StringComparer.Ordinal))
        {
            var before = _now.Students[id];
            if (before.Class is not { } @class)
                continue;
            if (_roles[external].Any() && _roles[external].Where(one => one.Role == "student" && one.Org == _org).All(one => one.IsDeleted) && _roles[external].Any(one => one.Role == "student" && one.Org == _org))
            {
                _students.Add((external, Leaving(id)));
                continue;
            }

            var isMoved = enrollments[external].Any(row => row["role"].Equals("student", StringComparison.OrdinalIgnoreCase) && _homerooms.ContainsKey(row["classSourcedId"]));
            var isDescribed = _bundle.Demographics.Find(external) is not null;
            var isGuarded = wards.Contains(external) || before.Guardians.Any(one => one.External is { } agent && _bundle.Users.Find(agent) is not null);
            if (!isMoved && !isDescribed && !isGuarded)
                continue;

            var place = isMoved ? HomeroomOf(external, before.Name, 0, enrollments[external], before) : PlaceOf(@class);
            if (place is not { } homeroom)
                continue;

            var (gender, birth) = Demographics(external);
            var guardians = Guardians(external, wards, before, isTold: isGuarded);
            _students.Add((external, new RosterStudent(id, before.Name, homeroom, gender, birth, default, guardians.Guardians, guardians.KeepsUnlisted, external)));
        }
    }

    private RosterStudent Leaving(StudentId id) => new(id, _now.Students[id].Name, null, default, default, default, default, KeepsUnlisted: true, null);

    private ClassPlace? HomeroomOf(string user, string name, int row, IEnumerable<OneRosterRow> enrollments, StudentProfile? before)
    {
        var rows = enrollments.Where(one => one["role"].Equals("student", StringComparison.OrdinalIgnoreCase) && _homerooms.ContainsKey(one["classSourcedId"])).ToList();
        var homerooms = rows.Where(one => !one.IsDeleted).Select(one => one["classSourcedId"]).Distinct(StringComparer.Ordinal).ToList();
        if (homerooms.Count == 1)
            return _homerooms[homerooms[0]].Place;
        if (homerooms.Count > 1)
        {
            _findings.Problem("enrollments.csv", rows[1].Number, "classSourcedId", "oneroster-two-homerooms", name, Named(homerooms[0]), Named(homerooms[1]));
            return null;
        }

        // A delta says nothing of a homeroom that has not changed.
        if (_bundle.IsDelta && before?.Class is { } @class && PlaceOf(@class) is { } place && !rows.Any(one => one.IsDeleted && _homerooms[one["classSourcedId"]].Place == place))
            return place;

        _findings.Problem(row > 0 ? "users.csv" : "enrollments.csv", row > 0 ? row : rows.FirstOrDefault()?.Number ?? 0, "sourcedId", "oneroster-no-homeroom", name);
        return null;

        string Named(string homeroom) => _homerooms[homeroom].Name ?? homeroom;
    }

    /// <summary>Who looks after whom: guardian by guardian of a student's own list, then those who list the student.</summary>
    private ILookup<string, string> WardsOf(List<OneRosterRow> students)
    {
        var isStudent = students.Select(one => one.Id).Concat(_studentsThere.Keys).ToHashSet(StringComparer.Ordinal);
        var pairs = new List<(string Student, string Agent)>();
        foreach (var row in _bundle.Users.Active)
        {
            foreach (var agent in row.List("agentSourcedIds"))
            {
                if (isStudent.Contains(row.Id) && !isStudent.Contains(agent))
                {
                    pairs.Add((row.Id, agent));
                    if (_bundle.Users.Find(agent) is null && !_guardiansThere.ContainsKey(agent))
                        _findings.Warning("users.csv", row.Number, "agentSourcedIds", "oneroster-agent-unknown", Shown(agent));
                }
            }
        }

        foreach (var row in _bundle.Users.Active.Where(row => !isStudent.Contains(row.Id)))
            pairs.AddRange(row.List("agentSourcedIds").Where(isStudent.Contains).Select(student => (student, row.Id)));
        return pairs.Distinct().ToLookup(one => one.Student, one => one.Agent, StringComparer.Ordinal);
    }

    private (Told<ImmutableArray<ListedGuardian>> Guardians, bool KeepsUnlisted) Guardians(string student, ILookup<string, string> wards, StudentProfile? before, bool isTold)
    {
        if (!isTold)
            return (default, true);

        var agents = wards[student].ToList();
        if (!_bundle.IsDelta || before is null)
            return (ImmutableArray.CreateRange(agents.Select(Listed).OfType<ListedGuardian>().Take(PeopleLimits.MostGuardians)), false);

        // What a delta does not name stays as it is; who is deleted goes; who is named is as the file says, or new.
        var guardians = ImmutableArray.CreateBuilder<ListedGuardian>();
        var isShorter = false;
        foreach (var entry in before.Guardians)
        {
            var row = entry.External is { } external ? _bundle.Users.Find(external) : null;
            if (row is { IsDeleted: true })
                isShorter = true;
            else if (row is not null && Listed(row.Id) is { } changed)
                guardians.Add(changed with { Relation = changed.Relation ?? entry.Relation });
            else
                guardians.Add(new ListedGuardian(entry.Name, entry.Relation, entry.Phone, entry.External));
        }

        foreach (var agent in agents.Where(agent => before.Guardians.All(entry => entry.External != agent)))
        {
            if (Listed(agent) is { } added && guardians.Count < PeopleLimits.MostGuardians)
                guardians.Add(added);
        }

        return (guardians.ToImmutable(), !isShorter);
    }

    private ListedGuardian? Listed(string agent)
    {
        if (_bundle.Users.Find(agent) is not { } row)
            return _guardiansThere.TryGetValue(agent, out var known) ? new ListedGuardian(known.Name, known.Relation, known.Phone, agent) : null;
        if (row.IsDeleted)
            return null;

        var isParent = _roles[agent].Any(one => one.Role == "parent");
        Relation? relation = isParent ? _bundle.Demographics.Find(agent)?["sex"].ToLowerInvariant() switch { "male" => Relation.Father, "female" => Relation.Mother, _ => null } : null;
        return new ListedGuardian(NameOf(row), relation, PhoneOf(row) ?? "", agent);
    }

    private ImmutableArray<RosterTeacher> Staff(ILookup<string, OneRosterRow> enrollments, ImmutableArray<(string Id, RosterStudent Student)> students)
    {
        var numbers = new Numbers<TeacherId>(
            _staffThere, number => TeacherId.TryCreate(_now.School.School, number, out var id) ? id : null, id => _now.Staff.GetValueOrDefault(id)?.External, id => id.Number);
        var teaching = new Teaching(this, students);
        var staff = ImmutableArray.CreateBuilder<RosterTeacher>();
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var row in _bundle.Users.Rows.Where(row => row.Id.Length > 0 && IsStaff(row.Id, row, enrollments)))
        {
            _ = named.Add(row.Id);
            if (row.IsDeleted)
            {
                if (_staffThere.TryGetValue(row.Id, out var leaver))
                    staff.Add(new RosterTeacher(leaver, _now.Staff[leaver].Name, default, default, true, default, null, Leaves: true));
                else if (_bundle.IsDelta)
                    _findings.Warning("users.csv", row.Number, "sourcedId", "oneroster-unknown-person", Shown(row.Id));
                continue;
            }

            var name = NameOf(row);
            var id = NumberOf(numbers, row, name);
            var before = _now.Staff.GetValueOrDefault(id);
            // The standard knows one of our offices; the others are set here, and stay.
            var isPrincipal = _roles[row.Id].Any(one => one.Role == "principal" && !one.IsDeleted && one.Org == _org);
            Told<ImmutableArray<Office>> offices = isPrincipal ? ImmutableArray.CreateRange((before?.Offices ?? []).Append(Office.Principal).Where(one => one is not Office.Administrator).Distinct()) : default(Told<ImmutableArray<Office>>);
            staff.Add(new RosterTeacher(id, name, PhoneOf(row) is { } phone ? phone : default(Told<string?>), teaching.Of(row.Id, before), KeepsCounselling: true, offices, row.Id));
        }

        // Of whom a delta says only what they teach.
        if (_bundle.IsDelta)
        {
            foreach (var (external, id) in _staffThere.Where(one => !named.Contains(one.Key) && enrollments[one.Key].Any()).OrderBy(one => one.Value.Number, StringComparer.Ordinal))
            {
                if (_now.Staff[id] is { Left: null } before)
                    staff.Add(new RosterTeacher(id, before.Name, default, teaching.Of(external, before), KeepsCounselling: true, default, external));
            }
        }

        if (teaching.Unknown > 0)
            _findings.Warning("enrollments.csv", 0, null, "oneroster-sections", Written(teaching.Unknown));
        return staff.DrainToImmutable();
    }

    private bool IsStudent(string user, OneRosterRow row, ILookup<string, OneRosterRow> enrollments) => Has(user, row, enrollments, "student", _studentsThere.ContainsKey(user), role => role == "student");

    private bool IsStaff(string user, OneRosterRow row, ILookup<string, OneRosterRow> enrollments) =>
        Has(user, row, enrollments, "teacher", _staffThere.ContainsKey(user), role => role is "teacher" or "aide" or "administrator" or "counselor" or "principal" or "proctor" or "siteadministrator" or "systemadministrator");

    // By the school of the role; where that names another kind of organisation (generators write the district), by where they are enrolled.
    private bool Has(string user, OneRosterRow row, ILookup<string, OneRosterRow> enrollments, string enrolled, bool isThere, Func<string, bool> isRole)
    {
        var roles = _roles[user].Where(one => isRole(one.Role)).ToList();
        if (roles.Count == 0)
            return _bundle.IsDelta && isThere && !_roles[user].Any();
        if (roles.Any(one => one.Org == _org && (!one.IsDeleted || row.IsDeleted)))
            return true;

        var isElsewhere = roles.Any(one => _bundle.Orgs.Find(one.Org) is { } org && org["type"].Equals("school", StringComparison.OrdinalIgnoreCase));
        return !isElsewhere && enrollments[user].Any(one => one["schoolSourcedId"] == _org && one["role"].Equals(enrolled, StringComparison.OrdinalIgnoreCase));
    }

    private bool IsCurrent(OneRosterRow enrollment) => OwnForm.DateOf(enrollment["endDate"]) is not { } end || end >= _today;

    private static bool IsHomeroom(OneRosterRow row) => row["classType"].Equals("homeroom", StringComparison.OrdinalIgnoreCase);

    private int? GradeOf(OneRosterRow row) =>
        row.List("grades").Concat(_bundle.Courses.Find(row["courseSourcedId"])?.List("grades") ?? []).Select(OurGrade).FirstOrDefault(one => one is not null);

    private static int? OurGrade(string code) => code.ToUpperInvariant() switch
    {
        "IT" or "PR" or "PK" or "TK" or "KG" => 0,
        var digits => int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var grade) && grade is >= 1 and <= 12 ? grade : null,
    };

    private static string Title(OneRosterRow row) => row["title"] is { Length: > 0 } title ? title.Length > PeopleLimits.LongestName ? title[..PeopleLimits.LongestName] : title : row.Id;

    private static int? TrailingNumber(string text)
    {
        var from = text.Length;
        while (from > 0 && char.IsAsciiDigit(text[from - 1]))
            from--;
        return int.TryParse(text.AsSpan(from), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= ClassPlace.MostNumber ? number : null;
    }

    private ClassPlace? PlaceOf(ClassId @class) => _now.Classes.FirstOrDefault(one => one.Class == @class) is { } there ? new(there.Grade, there.Number) : null;

    private (Told<string?> Gender, Told<DateOnly?> Birth) Demographics(string user)
    {
        if (_bundle.Demographics.Find(user) is not { IsDeleted: false } row)
            return default;

        Told<string?> gender = row["sex"].ToLowerInvariant() switch { "male" => "男", "female" => "女", _ => default(Told<string?>) };
        Told<DateOnly?> birth = default;
        if (row["birthDate"] is { Length: > 0 } written)
        {
            if (OwnForm.DateOf(written) is { } date && date.Year >= 1950 && date <= _today)
                birth = date;
            else
                _findings.Warning("demographics.csv", row.Number, "birthDate", "oneroster-date", Shown(written));
        }

        return (gender, birth);
    }

    // 张伟, but Kane Gulgowski.
    private string NameOf(OneRosterRow row)
    {
        var (given, family) = (row["givenName"], row["familyName"]);
        var name = given.Length == 0 || family.Length == 0 ? given + family : IsHan(given) && IsHan(family) ? family + given : $"{given} {family}";
        if (name.Length == 0)
            _findings.Problem("users.csv", row.Number, "familyName", "name-missing");
        else if (name.Length > PeopleLimits.LongestName)
            _findings.Problem("users.csv", row.Number, "familyName", "name-too-long", Written(PeopleLimits.LongestName));
        else if (FormulaMark.IsRisky(name[0]))
            _findings.Problem("users.csv", row.Number, given.Length > 0 ? "givenName" : "familyName", "looks-like-formula", Shown(name), name[..1]);
        return name;
    }

    private static bool IsHan(string text) => text.All(one => one is >= '\u2E80' and <= '\u9FFF' or >= '\uF900' and <= '\uFAFF' or '·' || char.IsSurrogate(one));

    private string? PhoneOf(OneRosterRow row)
    {
        if (PhoneOf(row["sms"]) is { } mobile)
            return mobile;
        if (PhoneOf(row["phone"]) is { } phone)
            return phone;

        var (column, written) = row["sms"].Length > 0 ? ("sms", row["sms"]) : ("phone", row["phone"]);
        if (written.Length > 0)
            _findings.Warning("users.csv", row.Number, column, "oneroster-phone", Shown(written));
        return null;
    }

    /// <summary>Without a country code only what is surely a Chinese number: a number from elsewhere that happens to be one of ours would reach a stranger.</summary>
    private static string? PhoneOf(string written) =>
        written.Contains('+', StringComparison.Ordinal) || written.StartsWith('0') || (written.StartsWith('1') && !AmericanNumber().IsMatch(written)) ? Phones.Normalize(written) : null;

    // 1-555-010-0199; ours are written 155 5010 0199, or in one.
    [GeneratedRegex(@"^1?[\s.-]*\(?[0-9]{3}\)?[\s.-]+[0-9]{3}[\s.-]+[0-9]{4}\z", RegexOptions.CultureInvariant)]
    private static partial Regex AmericanNumber();

    private TId NumberOf<TId>(Numbers<TId> numbers, OneRosterRow row, string name)
        where TId : struct
    {
        var (id, isMade) = numbers.Of(row.Id, row["identifier"], row["username"]);
        if (isMade is { } made)
            _findings.Warning("users.csv", row.Number, "identifier", "oneroster-number-made", name, made);
        return id;
    }

    private static string Written(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Shown(string text) => text.Length > 40 ? text[..40] + "…" : text;

    /// <summary>Gives numbers: the one that somebody has here already, else what the file has for it, else one that follows from the <c>sourcedId</c>, so that the next file gives the same.</summary>
    private sealed class Numbers<TId>(Dictionary<string, TId> there, Func<string, TId?> make, Func<TId, string?> externalOf, Func<TId, string> written)
        where TId : struct
    {
        private readonly HashSet<TId> _taken = [.. there.Values];

        public (TId Id, string? Made) Of(string external, params ReadOnlySpan<string> candidates)
        {
            if (there.TryGetValue(external, out var known))
                return (known, null);

            foreach (var candidate in candidates)
            {
                var number = new string([.. candidate.ToLowerInvariant().Where(char.IsAsciiLetterOrDigit)]);
                if (make(number) is { } id && (externalOf(id) is not { } other || other == external) && _taken.Add(id))
                    return (id, null);
            }

            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(external)));
            for (var length = 10; ; length++)
            {
                if (make("x" + hash[..length]) is { } id && _taken.Add(id))
                    return (id, written(id));
            }
        }
    }

    /// <summary>Who teaches which homerooms, as what.</summary>
    private sealed class Teaching
    {
        private readonly OneRosterReader _reader;
        private readonly ILookup<string, OneRosterRow> _ofTeacher;
        private readonly Dictionary<string, string> _classTeachers = new(StringComparer.Ordinal);
        private readonly Dictionary<string, ImmutableArray<ClassPlace>> _homeroomsOfSection;

        public Teaching(OneRosterReader reader, ImmutableArray<(string Id, RosterStudent Student)> students)
        {
            _reader = reader;
            var enrollments = reader._bundle.Enrollments.Rows.Where(reader.IsCurrent).ToList();
            var places = students.Where(one => one.Student.Class is not null).ToDictionary(one => one.Id, one => one.Student.Class!.Value, StringComparer.Ordinal);
            _ofTeacher = enrollments.Where(row => row["role"].Equals("teacher", StringComparison.OrdinalIgnoreCase)).ToLookup(row => row["userSourcedId"], StringComparer.Ordinal);
            _homeroomsOfSection = enrollments.Where(row => !row.IsDeleted && row["role"].Equals("student", StringComparison.OrdinalIgnoreCase) && !reader._homerooms.ContainsKey(row["classSourcedId"]))
                .GroupBy(row => row["classSourcedId"], StringComparer.Ordinal)
                .ToDictionary(
                    section => section.Key,
                    section => section.Select(row => Place(row["userSourcedId"])).OfType<ClassPlace>().Distinct().OrderBy(one => one.Grade).ThenBy(one => one.Number).ToImmutableArray(),
                    StringComparer.Ordinal);

            // One class teacher each: who is marked as the primary one, else who comes first.
            foreach (var homeroom in _ofTeacher.SelectMany(one => one).Where(row => !row.IsDeleted && reader._homerooms.ContainsKey(row["classSourcedId"])).GroupBy(row => row["classSourcedId"], StringComparer.Ordinal))
            {
                var chosen = homeroom.OrderBy(row => row["primary"].Equals("true", StringComparison.OrdinalIgnoreCase) ? 0 : 1).ThenBy(row => row.Number).First();
                if (!reader._bundle.IsDelta || chosen["primary"].Equals("true", StringComparison.OrdinalIgnoreCase) || !HasAnotherClassTeacher(reader._homerooms[homeroom.Key].Place))
                    _classTeachers[homeroom.Key] = chosen["userSourcedId"];
            }

            ClassPlace? Place(string student) =>
                places.TryGetValue(student, out var place) ? place
                : reader._bundle.IsDelta && reader._studentsThere.TryGetValue(student, out var id) && reader._now.Students[id].Class is { } @class ? reader.PlaceOf(@class)
                : null;
        }

        /// <summary>How many assignments of a delta cannot be placed: it does not say of which class they are.</summary>
        public int Unknown { get; private set; }

        public Told<ImmutableArray<RosterDuty>> Of(string teacher, TeacherProfile? before)
        {
            var bundle = _reader._bundle;
            var duties = new Dictionary<ClassPlace, (DutyKind Kind, List<string> Subjects)>();
            if (bundle.IsDelta)
            {
                foreach (var duty in before?.Duties ?? [])
                {
                    if (_reader.PlaceOf(duty.Class) is { } place)
                        duties[place] = (duty.Kind, [.. duty.Subjects]);
                }
            }

            foreach (var row in _ofTeacher[teacher])
            {
                var @class = row["classSourcedId"];
                if (_reader._homerooms.TryGetValue(@class, out var homeroom))
                {
                    if (row.IsDeleted)
                        _ = duties.Remove(homeroom.Place);
                    else if (_classTeachers.GetValueOrDefault(@class) == teacher)
                        duties[homeroom.Place] = (DutyKind.ClassTeacher, duties.GetValueOrDefault(homeroom.Place).Subjects ?? []);
                    else
                        _ = duties.TryAdd(homeroom.Place, (DutyKind.SubjectTeacher, []));
                    continue;
                }

                if (bundle.Classes.Find(@class) is not { } section)
                {
                    if (bundle.IsDelta)
                        Unknown++;
                    continue;
                }

                if (row.IsDeleted || section.IsDeleted || section["schoolSourcedId"] != _reader._org)
                    continue;

                var subject = Subject(section);
                foreach (var place in _homeroomsOfSection.GetValueOrDefault(@class, []))
                {
                    if (!duties.TryGetValue(place, out var duty))
                        duties[place] = duty = (DutyKind.SubjectTeacher, []);
                    if (subject.Length > 0 && !duty.Subjects.Contains(subject))
                        duty.Subjects.Add(subject);
                }
            }

            return ImmutableArray.CreateRange(duties.OrderBy(one => one.Key.Grade).ThenBy(one => one.Key.Number).Select(one => new RosterDuty(one.Key, one.Value.Kind, [.. one.Value.Subjects])));
        }

        private bool HasAnotherClassTeacher(ClassPlace place) =>
            _reader._now.Staff.Any(one => one.Value.Duties.Any(duty => duty.Kind is DutyKind.ClassTeacher && _reader.PlaceOf(duty.Class) == place)
                && !_ofTeacher[one.Value.External ?? ""].Any(row => row.IsDeleted && _reader._homerooms.TryGetValue(row["classSourcedId"], out var ended) && ended.Place == place));

        private string Subject(OneRosterRow section)
        {
            var course = _reader._bundle.Courses.Find(section["courseSourcedId"]);
            var subject = course?["title"] is { Length: > 0 } title ? title
                : section.List("subjects").FirstOrDefault() ?? course?.List("subjects").FirstOrDefault() ?? section["title"];
            return subject.Length > PeopleLimits.LongestName ? subject[..PeopleLimits.LongestName] : subject;
        }
    }
}
