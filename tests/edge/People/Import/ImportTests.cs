using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using SchoolHome.Tests.Infrastructure;
using static SchoolHome.Tests.Edge.People.Import.RosterFiles;

namespace SchoolHome.Tests.Edge.People.Import;

/// <summary>A demo school of its own, which every test leaves as its workbook has it.</summary>
public sealed class ImportSchool : IAsyncLifetime
{
    internal WebProcess Web { get; private set; } = null!;

    public async Task InitializeAsync() => Web = await WebProcess.StartAsync("Development", ("SchoolHome:UploadsPerMinute", "1000"));

    public async Task DisposeAsync() => await Web.DisposeAsync();

    internal async Task<Person> Office(string? language = null)
    {
        var office = await Person.Visit(Web.Address, language);
        _ = (await office.SignInByCard("administrator")).Is(HttpStatusCode.OK);
        return office;
    }
}

public sealed class ImportTests(ImportSchool school) : IClassFixture<ImportSchool>
{
    [Fact]
    public async Task A_dry_run_changes_nothing_what_is_confirmed_is_applied_shows_progress_and_can_be_undone()
    {
        using var office = await school.Office();
        var before = await Phones(office);

        var offered = await office.DryRun(WithOtherPhones(40));
        var (import, topic) = ((string)offered["import"]!, (string)offered["topic"]!);
        Assert.Equal(("offered", 40, 677), ((string)offered["state"]!, (int)offered["counts"]!["changed"]!, (int)offered["counts"]!["unchanged"]!));
        Assert.Equal(before, await Phones(office));
        var page = (await office.Get($"/api/people/s01/imports/{import}/changes?kind=changed&page=1")).Is(HttpStatusCode.OK).Json;
        Assert.Equal((40, 40, 1), ((int)page["count"]!, page["people"]!.AsArray().Count, (int)page["pages"]!));
        Assert.Equal("guardian.g1.phone", (string)page["people"]![0]!["fields"]![0]!["field"]!);

        await using var live = await office.ConnectLive();
        Assert.True((bool)(await live.Join(topic))["ok"]!);
        _ = (await office.Confirm(import)).Is(HttpStatusCode.OK);
        await live.Until(client => client.RawEvents(topic).Any(one => one.Contains("\"done\"", StringComparison.Ordinal)), "the topic to tell that the import is done");
        var done = await office.Until(import, "done");
        Assert.Equal(((int)done["parts"]!, 0), ((int)done["partsDone"]!, (int)done["skippedCount"]!));
        Assert.NotEqual(before, await Phones(office));

        // Confirming again changes nothing, and the same file has nothing to offer.
        _ = (await office.Confirm(import)).Is(HttpStatusCode.OK);
        var again = await office.DryRun(WithOtherPhones(40));
        Assert.True((bool)again["changesNothing"]!);
        _ = (await office.Confirm((string)again["import"]!)).IsProblem(HttpStatusCode.Conflict, "import-empty");

        _ = (await office.Post($"/api/people/s01/imports/{import}/undo")).Is(HttpStatusCode.OK);
        _ = await office.Until(import, "undone");
        Assert.Equal(before, await Phones(office));
        _ = (await office.Post($"/api/people/s01/imports/{import}/undo")).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_upload_that_is_sent_again_is_the_same_import_and_one_that_is_dropped_is_forgotten()
    {
        using var office = await school.Office();
        var operation = Guid.NewGuid();

        var first = (await office.UploadRoster(WithOtherPhones(1), operation)).Is(HttpStatusCode.OK).Json;
        var second = (await office.UploadRoster(WithOtherPhones(2), operation)).Is(HttpStatusCode.OK).Json;

        Assert.Equal(first.ToJsonString(), second.ToJsonString());
        var import = (string)first["import"]!;
        Assert.Equal(operation.ToString("N"), import);
        _ = Assert.Single((await office.Get("/api/people/s01/imports")).Is(HttpStatusCode.OK).Json.AsArray(), one => (string)one!["import"]! == import);

        _ = (await office.Post($"/api/people/s01/imports/{import}/drop")).Is(HttpStatusCode.OK);
        _ = (await office.Confirm(import)).IsProblem(HttpStatusCode.Conflict, "import-not-offered");
        _ = await Eventually.TrueAsync(
            async () => (bool)(await office.Get($"/api/people/s01/imports/{import}/changes?kind=changed")).Is(HttpStatusCode.OK).Json["forgotten"]!, TimeSpan.FromSeconds(20), "the people to be forgotten");
    }

    [Fact]
    public async Task Removing_more_than_five_in_a_hundred_asks_for_the_number()
    {
        using var office = await school.Office();
        var offered = await office.DryRun(WithoutClass("六年级", "3班", out var leaving));
        var import = (string)offered["import"]!;
        Assert.True((bool)offered["asksForRemovals"]!);
        Assert.Equal(leaving, (int)offered["counts"]!["removed"]!);

        foreach (var typed in new int?[] { null, leaving - 1, 717 })
            Assert.NotNull((await office.Confirm(import, typed)).IsProblem(HttpStatusCode.BadRequest, "invalid").Json["errors"]!["removals"]);
        Assert.Equal("offered", (string)(await office.Import(import))["state"]!);

        _ = (await office.Confirm(import, leaving)).Is(HttpStatusCode.OK);
        _ = await office.Until(import, "done");
        // They come back, with everything that they had.
        var back = await office.ImportRoster(Qinghe);
        Assert.Equal((leaving, 0), ((int)back["counts"]!["added"]!, (int)back["counts"]!["removed"]!));
        Assert.True((bool)(await office.DryRun(Qinghe))["changesNothing"]!);
    }

    [Fact]
    public async Task Once_somebody_has_joined_it_is_not_undone_and_it_is_told_who()
    {
        using var office = await school.Office();
        var done = await office.ImportRoster(WithStudent("2099000001", "新同学", "新家长", "19910008888"));
        var import = (string)done["import"]!;
        Assert.Equal(1, (int)done["counts"]!["added"]!);
        var @class = (await office.Get("/api/people/s01/classes")).Is(HttpStatusCode.OK).Json.AsArray().Single(one => (string)one!["name"]! == "三年级2班")!;
        var slips = await Slips(office, (string)@class["class"]!, "2099000001");
        using var parent = await Person.Visit(school.Web.Address);
        _ = (await parent.Post("/api/join", new { code = (string)slips["code"]!, phoneTail = "8888", @as = "phone", phone = "19910008888", password = "a fine long password" })).Is(HttpStatusCode.OK);

        _ = (await office.Post($"/api/people/s01/imports/{import}/undo")).IsProblem(HttpStatusCode.Conflict, "import-depended-on");

        var hindrance = Assert.Single((await office.Import(import))["hindrances"]!.AsArray())!;
        Assert.Equal(("2099000001", "新同学"), ((string)hindrance["number"]!, (string)hindrance["name"]!));
        Assert.Equal("done", (string)(await office.Import(import))["state"]!);
        _ = await office.ImportRoster(Qinghe);
    }

    [Fact]
    public async Task Killed_while_it_applies_it_goes_on_after_the_restart()
    {
        string import;
        using (var office = await school.Office())
        {
            var offered = await office.DryRun(WithOtherPhones(717));
            import = (string)offered["import"]!;
            _ = (await office.Confirm(import)).Is(HttpStatusCode.OK);
        }

        await school.Web.KillAsync();
        await school.Web.StartAgainAsync();

        using var again = await school.Office();
        var done = await again.Until(import, "done");
        Assert.Equal(((int)done["parts"]!, 0), ((int)done["partsDone"]!, (int)done["skippedCount"]!));
        Assert.True((bool)(await again.DryRun(WithOtherPhones(717)))["changesNothing"]!);
        _ = (await again.Post($"/api/people/s01/imports/{import}/undo")).Is(HttpStatusCode.OK);
        _ = await again.Until(import, "undone");
        Assert.True((bool)(await again.DryRun(Qinghe))["changesNothing"]!);
    }

    [Theory]
    [InlineData("zh-CN", "姓名为空。")]
    [InlineData("en", "The name is missing.")]
    public async Task A_faulty_file_is_refused_in_the_readers_language_and_nothing_is_stored(string language, string sentence)
    {
        using var office = await school.Office(language);
        var before = (await office.Get("/api/people/s01/imports")).Is(HttpStatusCode.OK).Text;

        var reply = (await office.UploadRoster(Data("faulty-roster.xlsx"))).IsProblem(HttpStatusCode.BadRequest, "roster-refused");

        Assert.Equal(8, (int)reply.Json["problemCount"]!);
        var first = reply.Json["problems"]![0]!;
        Assert.Equal(("学生", 5, "姓名", sentence), ((string)first["file"]!, (int)first["row"]!, (string)first["column"]!, (string)first["problem"]!));
        Assert.NotNull((await office.UploadRoster([])).IsProblem(HttpStatusCode.BadRequest, "invalid").Json["errors"]!["file"]);
        Assert.Equal(before, (await office.Get("/api/people/s01/imports")).Is(HttpStatusCode.OK).Text);
    }

    [Fact]
    public async Task A_hundred_megabytes_are_refused_without_being_taken_in()
    {
        using var office = await school.Office();
        var temporary = Directory.GetFiles(Path.GetTempPath(), "ASPNETCORE_*").Length;
        var clock = Stopwatch.StartNew();
        using var endless = new StreamContent(new Zeros(100L * 1024 * 1024));
        using var form = new MultipartFormDataContent { { endless, "file", "名册.xlsx" } };

        HttpStatusCode? status = null;
        try
        {
            status = (await office.Send(HttpMethod.Post, "/api/people/s01/imports", form)).IsProblem(HttpStatusCode.RequestEntityTooLarge, "too-large").Status;
        }
        catch (HttpRequestException)
        {
            // The server hangs up in the middle of the upload: that may be seen before its answer.
        }

        Assert.True(status is null or HttpStatusCode.RequestEntityTooLarge);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"It took {clock.Elapsed}.");
        Assert.Equal(temporary, Directory.GetFiles(Path.GetTempPath(), "ASPNETCORE_*").Length);
        _ = (await office.UploadRoster(new byte[(20 * 1024 * 1024) + 1])).IsProblem(HttpStatusCode.RequestEntityTooLarge, "too-large");
    }

    [Fact]
    public async Task What_is_exported_imports_as_nothing_in_each_of_its_forms()
    {
        using var office = await school.Office();
        foreach (var file in new[] { "roster.xlsx", "students.csv", "staff.csv" })
        {
            var bytes = await Download(office, $"/api/people/s01/{file}");
            Assert.True((bool)(await office.DryRun(bytes))["changesNothing"]!, file);
        }

        _ = (await office.UploadRoster(await Download(office, "/api/people/roster-template.xlsx"))).IsProblem(HttpStatusCode.BadRequest, "roster-refused");
    }

    [Fact]
    public async Task Of_a_file_with_several_schools_one_is_chosen()
    {
        using var office = await school.Office("en");

        var reply = (await office.UploadRoster(Data("oneroster-1.1-three-schools.zip"))).IsProblem(HttpStatusCode.BadRequest, "choose-school");
        var schools = reply.Json["schools"]!.AsArray();
        Assert.Equal("The file has several schools. Please choose one.", (string)reply.Json["detail"]!);

        var offered = (await office.UploadRoster(Data("oneroster-1.1-three-schools.zip"), org: (string)schools[0]!["org"]!)).Is(HttpStatusCode.OK).Json;
        Assert.Equal(("oneRosterBulk", (int)schools[0]!["students"]!), ((string)offered["format"]!, (int)offered["counts"]!["added"]!));
        _ = (await office.Post($"/api/people/s01/imports/{(string)offered["import"]!}/drop")).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_program_imports_with_a_token_of_that_scope_and_no_other()
    {
        using var office = await school.Office();
        foreach (var (scope, status) in new[] { ("roster.import", HttpStatusCode.OK), ("people.read", HttpStatusCode.Forbidden) })
        {
            var made = (await office.Post("/api/schools/s01/tokens", new { name = "records", scopes = new[] { scope }, days = 1 })).Is(HttpStatusCode.OK).Json;
            using var http = new HttpClient { BaseAddress = school.Web.Address };
            http.DefaultRequestHeaders.Authorization = new("Bearer", (string)made["secret"]!);
            using var form = new MultipartFormDataContent { { new ByteArrayContent(Qinghe), "file", "roster.xlsx" } };
            using var response = await http.PostAsync(new Uri("/api/people/s01/imports", UriKind.Relative), form);
            Assert.Equal(status, response.StatusCode);
        }
    }

    private static byte[] Qinghe => Data("qinghe-roster.xlsx");

    private static async Task<string> Phones(Person office) => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(await Download(office, "/api/people/s01/students.csv")));

    private static async Task<byte[]> Download(Person person, string path)
    {
        using var http = new HttpClient(new SocketsHttpHandler { CookieContainer = person.Cookies }) { BaseAddress = person.Address };
        return await http.GetByteArrayAsync(new Uri(path, UriKind.Relative));
    }

    private static async Task<JsonNode> Slips(Person office, string @class, string student)
    {
        var reply = (await office.Post($"/api/people/s01/classes/{@class}/slips", new { people = new[] { new { student, entry = "g1" } } })).Is(HttpStatusCode.OK).Json;
        return Assert.Single(reply["slips"]!.AsArray())!;
    }

    /// <summary>The school's workbook with another phone number of so many first guardians.</summary>
    private static byte[] WithOtherPhones(int students) => Changed(rows =>
    {
        foreach (var (row, at) in rows.Take(students).Select((row, at) => (row, at)))
            row["家长1手机"] = $"1992{at:0000000}";
    });

    private static byte[] WithoutClass(string grade, string number, out int leaving)
    {
        var count = 0;
        var file = Changed(rows => count = rows.RemoveAll(row => row["年级"] == grade && row["班级"] == number));
        leaving = count;
        return file;
    }

    private static byte[] WithStudent(string number, string name, string guardian, string phone) => Changed(rows => rows.Add(new(rows[0].ToDictionary(one => one.Key, _ => ""))
    {
        ["年级"] = "三年级",
        ["班级"] = "2班",
        ["学号"] = number,
        ["姓名"] = name,
        ["家长1姓名"] = guardian,
        ["家长1关系"] = "母亲",
        ["家长1手机"] = phone,
    }));

    private static byte[] Changed(Action<List<Dictionary<string, string>>> change)
    {
        using var spreadsheet = Web.People.Import.Spreadsheet.Open(new MemoryStream(Qinghe));
        var sheets = spreadsheet.Sheets.Select(sheet => spreadsheet.Sheet(sheet.Name, sheet.Part).Rows.Select(row => row.Cells.Select(cell => cell.Text).ToArray()).ToList()).ToList();
        var headings = sheets[0][0];
        var students = sheets[0].Skip(1).Select(row => headings.Select((heading, at) => (heading, Value: at < row.Length ? row[at] : "")).ToDictionary(one => one.heading, one => one.Value)).ToList();
        change(students);
        return Workbook([headings, .. students.Select(row => headings.Select(heading => row[heading]).ToArray())], [.. sheets[1]]);
    }

    /// <summary>So many zeros, made while they are read.</summary>
    private sealed class Zeros(long length) : Stream
    {
        private long _at;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position { get => _at; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = (int)Math.Min(count, length - _at);
            Array.Clear(buffer, offset, read);
            _at += read;
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
