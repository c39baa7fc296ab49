using System.Collections.Immutable;

namespace SchoolHome;

/// <summary>What an actor answers to a command: done (and durable), or refused. An expected refusal is a value; exceptions are for faults.</summary>
/// <remarks>A time-out or a lost silo is neither: it is an <em>unknown outcome</em> (<see cref="OutcomeUnknownException"/>), settled by repeating the command (C2).</remarks>
/// <typeparam name="T">What a done command tells.</typeparam>
[GenerateSerializer, Immutable, Alias("schoolhome.Answer`1")]
public sealed record Answer<T>
{
    private Answer(T? value, Refusal? refusal) => (Value, Refusal) = (value, refusal);

    /// <summary>What the command tells when it is done; default when it was refused.</summary>
    [Id(0)]
    public T? Value { get; }

    /// <summary>Why the command was refused; null when it is done.</summary>
    [Id(1)]
    public Refusal? Refusal { get; }

    /// <summary>Whether the command is done, and stored.</summary>
    public bool IsDone => Refusal is null;

    /// <summary>Done.</summary>
    public static implicit operator Answer<T>(T value) => new(value, null);

    /// <summary>Refused.</summary>
    public static implicit operator Answer<T>(Refusal refusal) => new(default, refusal);
}

/// <summary>The value of commands that have nothing to tell but that they are done.</summary>
[GenerateSerializer, Immutable, Alias("schoolhome.Done")]
public sealed record Done
{
    /// <summary>The one value.</summary>
    public static Done It { get; } = new();
}

/// <summary>The closed family of expected refusals. Each has a stable <see cref="Code"/> that clients may switch on.</summary>
[GenerateSerializer, Immutable, Alias("schoolhome.Refusal")]
public abstract record Refusal
{
    private protected Refusal(string code) => Code = code;

    /// <summary>A stable word in kebab case, e.g. <c>sign-in-failed</c>.</summary>
    [Id(0)]
    public string Code { get; }
}

/// <summary>Fields of the command are wrong; all of them are named at once.</summary>
/// <param name="Problems">Each problem with the field it belongs to.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.Invalid")]
public sealed record Invalid([property: Id(0)] ImmutableArray<FieldProblem> Problems) : Refusal("invalid")
{

    /// <summary>One problem of one field.</summary>
    public static Invalid Field(string field, string code) => new([new FieldProblem(field, code)]);
}

/// <summary>One field and what is wrong with it, as a stable code that the edge turns into a sentence in the reader's language.</summary>
/// <param name="Field">The field's name as in the command, camelCase.</param>
/// <param name="Code">What is wrong, e.g. <c>required</c>.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.FieldProblem")]
public sealed record FieldProblem([property: Id(0)] string Field, [property: Id(1)] string Code);

/// <summary>There is no such thing, or it is not the asker's to know about; the two are never told apart.</summary>
[GenerateSerializer, Immutable, Alias("schoolhome.NotFound")]
public sealed record NotFound() : Refusal("not-found");

/// <summary>The asker may see this, but not do that.</summary>
[GenerateSerializer, Immutable, Alias("schoolhome.Forbidden")]
public sealed record Forbidden(string code) : Refusal(code);

/// <summary>The command does not fit what is there already.</summary>
[GenerateSerializer, Immutable, Alias("schoolhome.Conflict")]
public sealed record Conflict(string code) : Refusal(code);

/// <summary>What the command was based on is not what is there now (C2): whoever sent it looks at the newer and decides again.</summary>
/// <param name="Newer">What is newer, as the command's contract names it.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.Stale")]
public sealed record Stale([property: Id(0)] ImmutableArray<string> Newer) : Refusal("stale");

/// <summary>
/// It is not known whether the command was stored: a write failed in a way that does not tell, or the actor is being loaded anew. Ask again with the same operation id (C2).
/// </summary>
[GenerateSerializer, Alias("schoolhome.OutcomeUnknownException")]
public sealed class OutcomeUnknownException : Exception
{
    /// <summary>An unknown outcome.</summary>
    public OutcomeUnknownException() : base("The outcome is unknown; repeat the command with the same operation id.") { }

    /// <summary>An unknown outcome, with what is known of it.</summary>
    public OutcomeUnknownException(string message) : base(message) { }

    /// <summary>An unknown outcome and what led to it.</summary>
    public OutcomeUnknownException(string message, Exception innerException) : base(message, innerException) { }
}
