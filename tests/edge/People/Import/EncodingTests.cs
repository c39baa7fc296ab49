using System.Text;
using SchoolHome.People;
using static SchoolHome.Tests.Edge.People.Import.RosterFiles;

namespace SchoolHome.Tests.Edge.People.Import;

public sealed class EncodingTests
{
    private static readonly Encoding Gb18030 = CodePagesEncodingProvider.Instance.GetEncoding("gb18030")!;

    private static readonly string Text = Csv(StudentHeadings, AStudent);

    [Fact]
    public void Csv_is_read_in_each_of_the_three_encodings()
    {
        byte[][] files = [Encoding.UTF8.GetBytes(Text), [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Text)], Gb18030.GetBytes(Text)];
        foreach (var file in files)
        {
            var roster = Good(file);
            Assert.Equal(RosterFormat.StudentsCsv, roster.Format);
            Assert.Equal("许建萱", Assert.Single(roster.Students!.Value).Name);
            // It is about students only: no member of staff leaves for not being in it.
            Assert.Null(roster.Staff);
        }
    }

    [Fact]
    public void The_schools_own_export_in_gb18030_is_read_whole()
    {
        var roster = Good(Data("qinghe-students-gb18030.csv"));

        Assert.Equal(717, roster.Students!.Value.Length);
        Assert.Equal(18, roster.Classes.Length);
        var workbook = Good(Data("qinghe-roster.xlsx"));
        Assert.Equal(workbook.Students!.Value.Select(one => (one.Id, one.Name, one.BirthDate, one.SpecialStatus)), roster.Students.Value.Select(one => (one.Id, one.Name, one.BirthDate, one.SpecialStatus)));
    }

    [Fact]
    public void The_staff_sheet_is_known_by_its_headings()
    {
        var roster = Good(Encoding.UTF8.GetBytes(Csv(StaffHeadings, ATeacher)));

        Assert.Equal(RosterFormat.StaffCsv, roster.Format);
        Assert.Null(roster.Students);
        Assert.Equal(DutyKind.ClassTeacher, Assert.Single(roster.Staff!.Value).Duties.Value[0].Kind);
    }

    [Fact]
    public void Any_other_encoding_is_refused_as_such_and_never_guessed()
    {
        Assert.Equal(["0 file-utf16"], Problems([0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Text)]));
        Assert.Equal(["0 file-utf16"], Problems([0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(Text)]));
        Assert.Equal(["0 file-utf16"], Problems(Encoding.Unicode.GetBytes("number,name,class\r\n1,2,3\r\n")));
        Assert.Equal(["0 file-encoding"], Problems([0xEF, 0xBB, 0xBF, (byte)'a', 0xC0, 0xFF]));
        Assert.Equal(["0 file-encoding"], Problems([.. Encoding.UTF8.GetBytes(Text), 0xFF, 0xFF]));
    }

    [Fact]
    public void Quoted_line_breaks_begin_no_row_and_rows_are_counted_as_a_spreadsheet_does()
    {
        var text = Csv(StudentHeadings, ["三年级", "2班", "1", "甲", "", "", "两行\r\n的情况", "张三", "父亲", "19910000001"], ["三年级", "2班", "2", "", "", "", "", "张三", "父亲", "19910000001"]);

        Assert.Equal(["名册.xlsx 3 姓名 name-missing"], Problems(Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public void Semicolons_and_tabs_separate_too()
    {
        Assert.Equal("许建萱", Good(Encoding.UTF8.GetBytes(Text.Replace(',', ';'))).Students!.Value[0].Name);
        Assert.Equal("许建萱", Good(Encoding.UTF8.GetBytes(Text.Replace(',', '\t'))).Students!.Value[0].Name);
    }
}
