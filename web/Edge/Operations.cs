namespace SchoolHome.Web.Edge;

/// <summary>The operation id that a command carries (C2): the same command sent again has the same one, and has no second effect.</summary>
internal static class Operations
{
    public const string Header = "Operation-Id";

    /// <summary>The command's operation id; a new one when the sender does not care.</summary>
    public static Guid OperationId(this HttpContext context) => Guid.TryParse(context.Request.Headers[Header], out var given) ? given : Guid.NewGuid();
}
