using SchoolHome.ContactBook;

namespace SchoolHome.Grains.Live;

/// <summary>A field of the view is now so; see PROTOCOL.md.</summary>
/// <param name="Kind">Always <c>set</c>.</param>
/// <param name="Field">The view's field, camelCase.</param>
/// <param name="Value">As in the view.</param>
internal sealed record SetChange(string Kind, string Field, object? Value)
{
    public static SetChange Of(string field, object? value) => new("set", field, value);
}

/// <summary>An item of a sheet or draft is now so, or new.</summary>
/// <param name="Kind">Always <c>item</c>.</param>
/// <param name="Item">As in the view.</param>
internal sealed record ItemChange(string Kind, SheetItemView Item)
{
    public static ItemChange Of(SheetItemView item) => new("item", item);
}

/// <summary>An item has left a draft: taken away, or released.</summary>
/// <param name="Kind">Always <c>item-gone</c>.</param>
/// <param name="Item">Its id.</param>
internal sealed record ItemGoneChange(string Kind, string Item)
{
    public static ItemGoneChange Of(string item) => new("item-gone", item);
}
