using System.Globalization;
using SchoolHome.ContactBook;
using SchoolHome.Grains.ContactBook;

namespace SchoolHome.Tests.Rules.ContactBook;

public sealed class SheetTemplateRulesTests
{
    private static readonly NewSheetItem Sums = new(SheetItemKind.Homework, "数学", "口算一页");

    private static SheetTemplate Template(string name, params NewSheetItem[] items) => new(Guid.NewGuid(), name, [.. items]);

    private static SheetTemplatesState Done(Answer<SheetTemplatesState> answer) => Assert.IsType<SheetTemplatesState>(answer.Value);

    private static FieldProblem[] Problems(Answer<SheetTemplatesState> answer) => [.. Assert.IsType<Invalid>(answer.Refusal).Problems];

    [Fact]
    public void A_template_is_added_replaced_and_listed_by_name()
    {
        var (first, second) = (Template("b", Sums), Template(" a ", Sums with { Text = " 听写\r\n一课 " }));
        var state = Done(SheetTemplateRules.Put(Done(SheetTemplateRules.Put(new SheetTemplatesState(), first)), second));

        Assert.Equal(["a", "b"], state.Templates.Select(one => one.Name));
        Assert.Equal("听写\n一课", state.Templates[0].Items.Single().Text);

        var renamed = Done(SheetTemplateRules.Put(state, first with { Name = "0" }));
        Assert.Equal(["0", "a"], renamed.Templates.Select(one => one.Name));
    }

    [Fact]
    public void C1_the_same_template_again_and_removing_one_that_is_not_there_change_nothing()
    {
        var template = Template("周五", Sums);
        var state = Done(SheetTemplateRules.Put(new SheetTemplatesState(), template));

        Assert.Same(state, SheetTemplateRules.Put(state, template with { Items = [Sums with { Text = "口算一页 " }] }).Value);
        Assert.Same(state, SheetTemplateRules.Remove(state, Guid.NewGuid()));
        var removed = SheetTemplateRules.Remove(state, template.Template);
        Assert.Empty(removed.Templates);
        Assert.Same(removed, SheetTemplateRules.Remove(removed, template.Template));
    }

    [Fact]
    public void All_that_is_wrong_with_a_template_is_told_at_once()
    {
        var state = Done(SheetTemplateRules.Put(new SheetTemplatesState(), Template("Friday", Sums)));

        Assert.Equal([new("name", "required"), new("items", "required")], Problems(SheetTemplateRules.Put(state, Template("  "))));
        Assert.Equal(
            [new("name", "too-long"), new("items[0].text", "required"), new("items[0].subject", "required")],
            Problems(SheetTemplateRules.Put(state, Template(new string('名', SheetTemplateRules.LongestName + 1), new NewSheetItem(SheetItemKind.Homework, null, "")))));
        Assert.Equal([new("name", "taken")], Problems(SheetTemplateRules.Put(state, Template("friday", Sums))));
        Assert.True(SheetTemplateRules.Put(state, Template(new string('名', SheetTemplateRules.LongestName), new NewSheetItem(SheetItemKind.Fees, null, "每人 35 元"))).IsDone);
    }

    [Fact]
    public void A_teacher_keeps_fifty_templates_and_can_still_correct_them()
    {
        var state = new SheetTemplatesState();
        for (var i = 0; i < SheetLimits.MostTemplates; i++)
            state = Done(SheetTemplateRules.Put(state, Template(i.ToString(CultureInfo.InvariantCulture), Sums)));

        Assert.Equal(new Conflict("too-many-templates"), SheetTemplateRules.Put(state, Template("再一个", Sums)).Refusal);
        Assert.True(SheetTemplateRules.Put(state, state.Templates[0] with { Name = "改名" }).IsDone);
    }
}
