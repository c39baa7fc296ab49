using MiniExcelLibs;

namespace SchoolHome.Tests.Infrastructure;

/// <summary>The demo school's workbook, as a person at the office has it: to be read, and to be changed and imported again.</summary>
internal static class Workbook
{
    private const string StudentSheet = "学生";
    private const string StaffSheet = "教职工";

    public static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "Data", file);

    public static byte[] Qinghe => File.ReadAllBytes(PathOf("qinghe-roster.xlsx"));

    public static byte[] Faulty => File.ReadAllBytes(PathOf("faulty-roster.xlsx"));

    public static IEnumerable<(string Number, string Name, (string Name, string Phone)[] Guardians)> Students() =>
        Rows(StudentSheet).Select(row => (
            Text(row, "学号"),
            Text(row, "姓名"),
            Enumerable.Range(1, 3).Select(i => (Text(row, $"家长{i}姓名"), Text(row, $"家长{i}手机"))).Where(guardian => guardian.Item1.Length > 0).ToArray()));

    public static IEnumerable<(string Number, string Name, string Phone)> Staff() =>
        Rows(StaffSheet).Select(row => (Text(row, "工号"), Text(row, "姓名"), Text(row, "手机")));

    /// <summary>The workbook with one member of staff changed.</summary>
    public static byte[] WithStaff(string number, string column, string value)
    {
        var staff = Rows(StaffSheet);
        staff.Single(row => Text(row, "工号") == number)[column] = value;
        return Written(Rows(StudentSheet), staff);
    }

    /// <summary>The workbook without one of its sheets.</summary>
    public static byte[] WithoutStaff() => Written(Rows(StudentSheet), null);

    private static List<Dictionary<string, object?>> Rows(string sheet) =>
    [
        .. MiniExcel.Query(PathOf("qinghe-roster.xlsx"), useHeaderRow: true, sheetName: sheet)
            .Cast<IDictionary<string, object?>>().Select(row => new Dictionary<string, object?>(row)),
    ];

    private static string Text(Dictionary<string, object?> row, string column) => row.TryGetValue(column, out var cell) ? cell?.ToString()?.Trim() ?? "" : "";

    private static byte[] Written(List<Dictionary<string, object?>> students, List<Dictionary<string, object?>>? staff)
    {
        using var file = new MemoryStream();
        var sheets = new Dictionary<string, object> { [StudentSheet] = students };
        if (staff is not null)
            sheets[StaffSheet] = staff;
        _ = file.SaveAs(sheets);
        return file.ToArray();
    }
}
