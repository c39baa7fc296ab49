namespace SchoolHome.Grains.Live;

/// <summary>A field of the view is now so; see PROTOCOL.md.</summary>
/// <param name="Kind">Always <c>set</c>.</param>
/// <param name="Field">The view's field, camelCase.</param>
/// <param name="Value">As in the view.</param>
internal sealed record SetChange(string Kind, string Field, object? Value)
{
    public static SetChange Of(string field, object? value) => new("set", field, value);
}
