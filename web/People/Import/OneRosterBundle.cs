using System.Collections.Immutable;
using System.Globalization;

namespace SchoolHome.Web.People.Import;

/// <summary>A row of a OneRoster file: the columns that are read.</summary>
/// <param name="number">As a spreadsheet counts them.</param>
/// <param name="id">Its <c>sourcedId</c>.</param>
/// <param name="isDeleted">Whether it says that its subject is no more.</param>
/// <param name="columns">The columns that are read and that the file has.</param>
/// <param name="values">What they say.</param>
internal sealed class OneRosterRow(int number, string id, bool isDeleted, ImmutableArray<string> columns, string[] values)
{
    public int Number => number;

    public string Id => id;

    public bool IsDeleted => isDeleted;

    /// <summary>What a column says; empty when the file has no such column.</summary>
    public string this[string column] => columns.IndexOf(column) is >= 0 and var at ? values[at] : "";

    /// <summary>A column that lists several.</summary>
    public IEnumerable<string> List(string column) => this[column].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

/// <summary>One file of a bundle; without rows where the bundle has none.</summary>
internal sealed class OneRosterFile(string name, List<OneRosterRow> rows)
{
    private readonly Dictionary<string, OneRosterRow> _byId = rows.Where(row => row.Id.Length > 0).DistinctBy(row => row.Id).ToDictionary(row => row.Id, StringComparer.Ordinal);

    public string Name => name;

    public IReadOnlyList<OneRosterRow> Rows => rows;

    /// <summary>The rows of what is still there.</summary>
    public IEnumerable<OneRosterRow> Active => rows.Where(row => !row.IsDeleted);

    public OneRosterRow? Find(string id) => _byId.GetValueOrDefault(id);
}

/// <summary>The files of a OneRoster CSV export, 1.1 or 1.2, bulk or delta, with the quirks that generators have: headings written twice, <c>termSourcedId</c>, columns in another order.</summary>
internal sealed class OneRosterBundle
{
    private const string ManifestFile = "manifest.csv";
    private const int MostRows = 1_000_000;

    // What is read of each file. The first of these must be there.
    private static readonly ImmutableArray<(string File, ImmutableArray<string> Required, ImmutableArray<string> Optional)> Shapes =
    [
        ("orgs", ["sourcedId", "name", "type"], []),
        ("academicSessions", ["sourcedId", "title", "type", "startDate", "endDate"], []),
        ("courses", ["sourcedId", "title"], ["grades", "subjects"]),
        ("classes", ["sourcedId", "title", "classType", "schoolSourcedId"], ["grades", "courseSourcedId", "classCode", "subjects"]),
        ("users", ["sourcedId", "username", "givenName", "familyName"], ["orgSourcedIds", "role", "identifier", "sms", "phone", "agentSourcedIds", "primaryOrgSourcedId"]),
        ("roles", ["sourcedId", "userSourcedId", "role", "orgSourcedId"], []),
        ("enrollments", ["sourcedId", "classSourcedId", "userSourcedId", "role"], ["schoolSourcedId", "primary", "beginDate", "endDate"]),
        ("demographics", ["sourcedId"], ["birthDate", "sex"]),
    ];

    private static readonly OneRosterFile Nothing = new("", []);

    private readonly Dictionary<string, OneRosterFile> _files;

    private OneRosterBundle(bool is12, bool isDelta, Dictionary<string, OneRosterFile> files) => (Is12, IsDelta, _files) = (is12, isDelta, files);

    /// <summary>Whether roles are in a file of their own.</summary>
    public bool Is12 { get; }

    /// <summary>Whether it names only what has changed. Where one of the files does, the whole of it is taken so: nobody leaves for not being named.</summary>
    public bool IsDelta { get; }

    public OneRosterFile Orgs => File("orgs");

    public OneRosterFile Sessions => File("academicSessions");

    public OneRosterFile Courses => File("courses");

    public OneRosterFile Classes => File("classes");

    public OneRosterFile Users => File("users");

    public OneRosterFile Roles => File("roles");

    public OneRosterFile Enrollments => File("enrollments");

    public OneRosterFile Demographics => File("demographics");

    /// <summary>Whether a file belongs to a bundle, by its name. Those that are not read are passed over.</summary>
    public static bool IsFileOfIt(string name) =>
        name.Equals(ManifestFile, StringComparison.OrdinalIgnoreCase) || Shapes.Any(shape => name.Equals(shape.File + ".csv", StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads the files; null when something is wrong with them.</summary>
    public static OneRosterBundle? Of(IReadOnlyDictionary<string, Func<byte[]>> files, Findings findings)
    {
        if (!files.TryGetValue(ManifestFile, out var manifestBytes))
        {
            findings.Problem("", 0, null, "oneroster-file-missing", ManifestFile);
            return null;
        }

        var manifest = Manifest(manifestBytes(), findings);
        var version = manifest.GetValueOrDefault("oneroster.version").Value ?? "";
        if (version is not ("1.1" or "1.2") && !version.StartsWith("1.1.", StringComparison.Ordinal) && !version.StartsWith("1.2.", StringComparison.Ordinal))
            findings.Problem(ManifestFile, manifest.GetValueOrDefault("oneroster.version").Row, "value", "oneroster-version", version);

        var is12 = version.StartsWith("1.2", StringComparison.Ordinal);
        var isDelta = false;
        var read = new Dictionary<string, OneRosterFile>(StringComparer.Ordinal);
        foreach (var (file, required, optional) in Shapes)
        {
            var (mode, row) = manifest.GetValueOrDefault($"file.{file}");
            var isHere = files.TryGetValue(file + ".csv", out var bytes);
            switch (mode?.ToLowerInvariant())
            {
                case "bulk":
                    break;
                case "delta":
                    // Orgs, courses and sessions may come whole beside what has changed.
                    isDelta |= file is "users" or "roles" or "enrollments" or "classes";
                    break;
                case "absent" or null or "":
                    continue;
                default:
                    findings.Problem(ManifestFile, row, "value", "oneroster-mode", $"file.{file}", mode);
                    continue;
            }

            if (!isHere)
                findings.Problem("", 0, null, "oneroster-file-missing", file + ".csv");
            else
                read[file] = ReadFile(file + ".csv", bytes!(), required, optional, findings);
        }

        // Without these nothing can be said of anybody. A delta leaves out what has not changed.
        foreach (var needed in isDelta ? [] : is12 ? (string[])["orgs", "classes", "users", "roles", "enrollments"] : ["orgs", "classes", "users", "enrollments"])
        {
            if (!read.ContainsKey(needed) && findings.ProblemCount == 0)
                findings.Problem("", 0, null, "oneroster-file-missing", needed + ".csv");
        }

        return findings.ProblemCount > 0 ? null : new OneRosterBundle(is12, isDelta, read);
    }

    private static Dictionary<string, (string? Value, int Row)> Manifest(byte[] bytes, Findings findings)
    {
        var manifest = new Dictionary<string, (string?, int)>(StringComparer.OrdinalIgnoreCase);
        foreach (var row in CsvText.Rows(CsvText.Decode(ManifestFile, bytes), findings, ManifestFile))
            manifest[row.At(0).Text] = (row.At(1).Text, row.Number);
        return manifest;
    }

    private static OneRosterFile ReadFile(string name, byte[] bytes, ImmutableArray<string> required, ImmutableArray<string> optional, Findings findings)
    {
        var rows = new List<OneRosterRow>();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        var table = new Table(name, CsvText.Rows(CsvText.Decode(name, bytes), findings, name));
        if (HeadedTable.Open(table, required, findings) is { } sheet)
        {
            ImmutableArray<string> columns = [.. required.Concat(optional).Where(sheet.Has)];
            foreach (var row in sheet.Rows())
            {
                if (rows.Count == MostRows)
                {
                    findings.Problem(name, row.Number, null, "too-many-rows", MostRows.ToString(CultureInfo.InvariantCulture));
                    break;
                }

                var id = row["sourcedId"];
                if (id.Length == 0)
                    findings.Problem(name, row.Number, "sourcedId", "oneroster-id-missing");
                else if (!seen.TryAdd(id, row.Number))
                    findings.Problem(name, row.Number, "sourcedId", "oneroster-id-twice", seen[id].ToString(CultureInfo.InvariantCulture));
                rows.Add(new OneRosterRow(row.Number, id, row["status"].ToLowerInvariant() is "tobedeleted" or "inactive", columns, [.. columns.Select(column => row[column])]));
            }
        }

        return new OneRosterFile(name, rows);
    }

    private OneRosterFile File(string name) => _files.GetValueOrDefault(name) ?? Nothing;
}
