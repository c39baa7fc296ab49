using System.Net;
using System.Text.Json.Nodes;
using SchoolHome.Tests.Infrastructure;
using SchoolHome.Web.People;

namespace SchoolHome.Tests.Edge.People;

[Collection(DemoSchoolCollection.Name)]
public sealed class SearchTests(DemoSchool school)
{
    [Theory]
    [InlineData("许建萱")]
    [InlineData("许建")]
    [InlineData(" 许 建萱 ")]
    [InlineData("xjx")]
    [InlineData("XJX")]
    [InlineData("ｘｊｘ")]
    [InlineData("2026320295")]
    [InlineData("２０２６３２０２９５")]
    public async Task A_child_is_found_by_name_number_and_initials_however_they_are_typed(string typed)
    {
        using var office = await school.SignInAs("subject-teacher");

        var found = (await Find(office, typed)).First(one => (string?)one!["number"] == DemoSchool.Child)!;

        Assert.Equal(("student", "许建萱", "三年级2班", DemoSchool.Class), ((string)found["kind"]!, (string)found["name"]!, (string)found["className"]!, (string)found["class"]!));
    }

    [Fact]
    public async Task A_child_is_found_by_a_guardian_and_a_teacher_by_name_number_and_initials()
    {
        using var office = await school.SignInAs("administrator");
        var guardian = Workbook.Students().Single(row => row.Number == DemoSchool.Child).Guardians[0].Name;

        Assert.Contains(await Find(office, guardian), one => (string?)one!["number"] == DemoSchool.Child && (string?)one["guardian"] == guardian);
        foreach (var typed in new[] { "谭宇英", "t031", "T03", "tyy" })
            Assert.Contains(await Find(office, typed), one => (string?)one!["kind"] == "staff" && (string?)one["number"] == "t031");
    }

    [Fact]
    public async Task What_is_found_is_bounded_and_says_that_there_is_more_and_nothing_finds_nobody()
    {
        using var office = await school.SignInAs("administrator");

        var many = (await office.Get("/api/people/s01/search?q=2026")).Is(HttpStatusCode.OK).Json;

        Assert.Equal(50, many["people"]!.AsArray().Count);
        Assert.True((bool)many["more"]!);
        foreach (var nothing in new[] { "", "?q=", "?q=%20", "?q=zzzzzzzzzz", "?q=%00", "?q=%F0%9F%91%8D" })
            Assert.Empty((await office.Get($"/api/people/s01/search{nothing}")).Is(HttpStatusCode.OK).Json["people"]!.AsArray());
        _ = (await office.Get($"/api/people/s01/search?q={new string('a', 61)}")).IsProblem(HttpStatusCode.BadRequest, "invalid");
    }

    private static async Task<JsonArray> Find(Person office, string typed) =>
        (await office.Get($"/api/people/s01/search?q={Uri.EscapeDataString(typed)}")).Is(HttpStatusCode.OK).Json["people"]!.AsArray();
}

public sealed class PinyinTests
{
    [Theory]
    [InlineData("许建萱", "xjx")]
    [InlineData("许建萱", "x")]
    [InlineData("单田芳", "stf")]
    [InlineData("单于明", "cym")]
    [InlineData("解晓东", "xxd")]
    [InlineData("曾子墨", "zzm")]
    [InlineData("仇英", "qy")]
    [InlineData("查良镛", "zly")]
    [InlineData("盖叫天", "gjt")]
    [InlineData("尉迟恭", "ycg")]
    [InlineData("万俟卨", "mq")]
    [InlineData("区大相", "odx")]
    [InlineData("朴树", "ps")]
    [InlineData("乐嘉", "yj")]
    [InlineData("乐嘉", "lj")]
    [InlineData("重阳", "cy")]
    [InlineData("重阳", "zy")]
    [InlineData("阿卜杜拉·买买提", "abdlmmt")]
    [InlineData("Anna 李", "annal")]
    [InlineData("㛃文", "jw")]
    public void A_name_is_found_by_the_initials_of_any_of_its_readings(string name, string letters) => Assert.True(Pinyin.Fits(name, letters));

    [Theory]
    [InlineData("许建萱", "")]
    [InlineData("许建萱", "xx")]
    [InlineData("许建萱", "jx")]
    [InlineData("许建萱", "xjxx")]
    [InlineData("许建萱", "许建")]
    [InlineData("", "x")]
    [InlineData("·", "x")]
    public void And_by_no_others(string name, string letters) => Assert.False(Pinyin.Fits(name, letters));
}
