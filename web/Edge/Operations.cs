namespace SchoolHome.Web.Edge;

/// <summary>Commands carry an id of the client's making, so that a repetition is known as one (C1).</summary>
internal static class Operations
{
    private const string Header = "Operation-Id";

    /// <summary>The command's id; a new one when the client gave none.</summary>
    public static Guid OperationId(this HttpContext context) => Guid.TryParse(context.Request.Headers[Header], out var given) ? given : Guid.NewGuid();
}
