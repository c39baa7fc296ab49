using System.IO.Compression;
using System.Text;
using static SchoolHome.Tests.Edge.People.Import.RosterFiles;

namespace SchoolHome.Tests.Edge.People.Import;

/// <summary>Whatever is wrong with a file has its exact reason, and its place.</summary>
public sealed class FaultyFileTests
{
    [Fact]
    public void Every_planted_fault_has_its_row_and_column_and_the_rest_is_read_as_it_should_be()
    {
        // The list beside the workbook: 33 is text, 37 is trimmed, 41 is normalized, so none of these is a fault.
        Assert.Equal(
            [
                "学生 5 姓名 name-missing",
                "学生 9 学号 number-twice",
                "学生 13 家长1手机 phone-malformed",
                "学生 17 出生日期 date-malformed",
                "学生 21 班级 class-missing",
                "学生 25 性别 gender-unknown",
                "学生 29 家长1姓名 formula",
                "学生 45 guardians-missing",
            ],
            Problems(Data("faulty-roster.xlsx")));
    }

    [Fact]
    public void A_tag_is_text_blanks_around_a_name_go_and_a_number_with_its_country_code_is_the_same()
    {
        var roster = Good(Workbook(
        [
            StudentHeadings,
            ["三年级", "2班", "1", "<script>alert(1)</script>", "", "", "", "张三", "父亲", "+86 199 1000 0001"],
            ["三年级", "2班", "2", "  李晨芳　", "", "", "", "李四", "母亲", "199-1000-0002"],
        ]));

        Assert.Equal(["<script>alert(1)</script>", "李晨芳"], roster.Students!.Value.Select(one => one.Name));
        Assert.Equal(["+8619910000001", "+8619910000002"], roster.Students.Value.Select(one => one.Guardians.Value[0].Phone));
    }

    [Fact]
    public void What_is_no_roster_at_all_is_told_what_it_is()
    {
        Assert.Equal(["0 file-empty"], Problems([]));
        Assert.Equal(["0 file-unknown"], Problems([1, 2, 0, 3, 4, 5, 0, 0, 9]));
        Assert.Equal(["0 file-html"], Problems(Encoding.UTF8.GetBytes("<html><table><tr><td>学号</td></tr></table></html>")));
        Assert.Equal(["0 file-old-excel"], Problems([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, .. new byte[600]]));
        Assert.Equal(["0 file-password"], Problems([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, .. new byte[600], .. Encoding.Unicode.GetBytes("EncryptedPackage"), .. new byte[40]]));
        Assert.Equal(["0 zip-damaged"], Problems([0x50, 0x4b, 0x03, 0x04, 0x00]));
        Assert.Equal(["0 zip-damaged"], Problems(Data("qinghe-roster.xlsx")[..20_000]));
        Assert.Equal(["0 zip-unknown"], Problems(Zip(("readme.txt", "nothing"))));
        Assert.Equal(["名册.xlsx 1 headings-unknown"], Problems(Encoding.UTF8.GetBytes("a,b,c\r\n1,2,3\r\n")));
    }

    [Fact]
    public void An_archive_that_unpacks_to_more_than_any_roster_is_refused_whatever_it_says_of_its_sizes()
    {
        var bomb = Bomb(210);
        Assert.True(bomb.Length < 1_000_000, "It is no bomb.");
        Assert.Equal(["0 zip-too-large"], Problems(bomb));

        // The same with a directory that says that it is small: no more of it is read than it says.
        Assert.Contains(Problems(WithSmallSizes(bomb))[0], new[] { "0 zip-too-large", "0 zip-damaged", "0 oneroster-file-missing" });
    }

    [Fact]
    public void Names_that_point_elsewhere_or_come_twice_are_refused()
    {
        Assert.Equal(["0 zip-path"], Problems(Zip(("../../etc/users.csv", "x"))));
        Assert.Equal(["0 zip-path"], Problems(Zip(("/etc/users.csv", "x"))));
        Assert.Equal(["0 zip-path"], Problems(Zip(("C:\\users.csv", "x"))));
        Assert.Equal(["0 zip-twice"], Problems(Zip(("users.csv", "x"), ("users.csv", "y"))));
        Assert.Equal(["0 zip-twice"], Problems(Zip(("a/users.csv", "x"), ("b/users.csv", "y"))));
    }

    [Fact]
    public void A_missing_sheet_and_missing_columns_are_named()
    {
        Assert.Equal(["教职工 0 sheet-missing"], Problems(Web.People.Import.SpreadsheetWriter.Write([new("学生", [.. StudentHeadings], [AStudent])])));
        Assert.Equal(
            ["学生 1 学号 column-missing", "学生 1 家长1手机 column-missing"],
            Problems(Workbook([[.. StudentHeadings.Select(heading => heading is "学号" or "家长1手机" ? heading + "?" : heading)], AStudent])));
        Assert.Equal(["学生 1 姓名 column-twice"], Problems(Workbook([[.. StudentHeadings, "姓名"], [.. AStudent, "又一个"]])));
        Assert.Equal(["学生 0 sheet-empty"], Problems(Workbook([StudentHeadings])));
    }

    [Fact]
    public void Columns_in_another_order_headings_with_blanks_a_title_above_and_headings_written_twice_are_read_all_the_same()
    {
        var order = Enumerable.Range(0, StudentHeadings.Length).Reverse().ToArray();
        string[] headings = [.. order.Select(at => $" {StudentHeadings[at][..1]}　{StudentHeadings[at][1..].Replace('1', '１')} ")];
        string[] student = [.. order.Select(at => AStudent[at])];
        string[] title = ["青禾小学 2026 学年学生名册", .. Enumerable.Repeat("", 9)];

        var roster = Good(Workbook([title, headings, headings, student, headings]));

        var read = Assert.Single(roster.Students!.Value);
        Assert.Equal(("2026320295", "许建萱", "许志强"), (read.Id.Number, read.Name, read.Guardians.Value[0].Name));
    }

    [Fact]
    public void A_formula_is_refused_wherever_it_counts_and_never_read_as_what_it_was_computed_to()
    {
        const string formula = "<c><f>1+1</f><v>2026320295</v></c>";
        Assert.Equal(["学生 2 学号 formula"], Problems(RawWorkbook(RawRow(2, AStudent, "学号", formula))));
        Assert.Equal(["学生 2 姓名 formula"], Problems(RawWorkbook(RawRow(2, AStudent, "姓名", "<c t=\"str\"><f>HYPERLINK(\"http://evil.example\",\"x\")</f><v>x</v></c>"))));
        Assert.Equal(["学生 2 姓名 cell-error"], Problems(RawWorkbook(RawRow(2, AStudent, "姓名", "<c t=\"e\"><v>#N/A</v></c>"))));
        // Text that begins like one is told so, unless its writer has marked it as text.
        Assert.Equal(["学生 2 姓名 looks-like-formula"], Problems(RawWorkbook(RawRow(2, AStudent, "姓名", "<c t=\"inlineStr\"><is><t>=cmd|calc</t></is></c>"))));
        Assert.Equal("=cmd|calc", Good(RawWorkbook(RawRow(2, AStudent, "姓名", "<c s=\"2\" t=\"inlineStr\"><is><t>=cmd|calc</t></is></c>"))).Students!.Value[0].Name);
    }

    [Theory]
    [InlineData("<c s=\"1\"><v>43164</v></c>")]
    [InlineData("<c><v>20180305</v></c>")]
    [InlineData("<c t=\"inlineStr\"><is><t>2018/3/5</t></is></c>")]
    [InlineData("<c t=\"inlineStr\"><is><t>2018年3月5日</t></is></c>")]
    [InlineData("<c t=\"inlineStr\"><is><t>2018-03-05 0:00:00</t></is></c>")]
    public void A_date_is_read_whether_it_is_one_or_was_typed(string cell) =>
        Assert.Equal(new DateOnly(2018, 3, 5), Good(RawWorkbook(RawRow(2, AStudent, "出生日期", cell))).Students!.Value[0].BirthDate.Value);

    [Fact]
    public void A_workbook_that_counts_its_days_from_1904_is_read_so() =>
        Assert.Equal(new DateOnly(2018, 3, 5), Good(RawWorkbook(RawRow(2, AStudent, "出生日期", "<c s=\"1\"><v>41702</v></c>"), "<workbookPr date1904=\"1\"/>")).Students!.Value[0].BirthDate.Value);

    [Fact]
    public void Numbers_are_read_with_all_their_digits_or_it_is_told_that_some_are_lost()
    {
        Assert.Equal("2026320295", Good(RawWorkbook(RawRow(2, AStudent, "学号", "<c><v>2.026320295E9</v></c>"))).Students!.Value[0].Id.Number);
        Assert.Equal(["学生 2 学号 digits-lost"], Problems(RawWorkbook(RawRow(2, AStudent, "学号", "<c><v>3.3010220180305123E17</v></c>"))));
    }

    [Fact]
    public void Staff_have_their_faults_told_too()
    {
        Assert.Equal(
            [
                "教职工 2 工号 number-missing",
                "教职工 3 手机 phone-malformed",
                "教职工 4 职务 post-unknown",
                "教职工 5 任教班级 class-not-there",
                "教职工 7 任教班级 second-class-teacher",
                "教职工 8 工号 number-twice",
            ],
            Problems(Workbook([StudentHeadings, AStudent],
            [
                StaffHeadings,
                ["", "甲", "", "", "", ""],
                ["T2", "乙", "12", "", "", ""],
                ["T3", "丙", "", "皇帝", "", ""],
                ["T4", "丁", "", "任课教师", "九年级9班", "语文"],
                ["T5", "戊", "", "班主任", "三年级2班", "语文"],
                ["T6", "己", "", "班主任", "三年级2班", "语文"],
                ["T6", "庚", "", "", "", ""],
            ])));
    }

    [Fact]
    public void Of_many_problems_all_are_counted_and_two_hundred_told()
    {
        var (_, findings) = Read(Workbook([StudentHeadings, .. Enumerable.Range(0, 500).Select(at => (string[])["三年级", "2班", $"n{at}", "", "", "", "", "张三", "父亲", ""])]));

        Assert.Equal((500, 200), (findings.ProblemCount, findings.Problems.Length));
    }

    [Fact]
    public void A_child_without_guardians_is_a_fault_unless_it_says_so_and_a_guardian_without_a_number_is_worth_knowing()
    {
        var (reading, findings) = Read(Workbook(
        [
            StudentHeadings,
            ["三年级", "2班", "1", "甲", "", "", "", "无", "", ""],
            ["三年级", "2班", "2", "乙", "", "", "", "张三", "父亲", ""],
        ]));

        Assert.Empty(Places(findings));
        Assert.Empty(reading.Roster!.Students!.Value[0].Guardians.Value);
        var warning = Assert.Single(findings.Warnings);
        Assert.Equal(("学生", 3, "家长1手机", "phone-missing"), (warning.File, warning.Row, warning.Column, warning.Code));
    }

    private static byte[] Bomb(int megabytes)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var entry = zip.CreateEntry("users.csv", CompressionLevel.SmallestSize).Open();
            var zeros = new byte[1024 * 1024];
            Array.Fill(zeros, (byte)'0');
            for (var at = 0; at < megabytes; at++)
                entry.Write(zeros);
        }

        return bytes.ToArray();
    }

    // In the directory at the end of the archive the unpacked size is 24 bytes into each entry.
    private static byte[] WithSmallSizes(byte[] zip)
    {
        var changed = zip.ToArray();
        var directory = changed.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0x50, 0x4b, 0x01, 0x02]);
        BitConverter.TryWriteBytes(changed.AsSpan(directory + 24), 1000);
        return changed;
    }
}
