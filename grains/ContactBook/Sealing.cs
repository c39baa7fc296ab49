using System.Collections.Immutable;
using SchoolHome.CoEditing;
using SchoolHome.ContactBook;

namespace SchoolHome.Grains.ContactBook;

/// <summary>What signatures close (S2). Only those that stand count: when a group has withdrawn all of its own, its sections are open again (S3).</summary>
internal static class Sealing
{
    /// <summary>Whose signature closes the quick marks, which only teachers set.</summary>
    public const Writer OfMarks = Writer.Teacher;

    /// <summary>The groups whose signature stands, with the greatest sheet version that they saw.</summary>
    public static ImmutableArray<SignedFor> Standing(ImmutableArray<Signature> signatures) =>
    [
        .. signatures.Where(signature => signature.Withdrawn is null)
            .GroupBy(signature => signature.For)
            .OrderBy(group => group.Key)
            .Select(group => new SignedFor(group.Key, group.Max(signature => signature.Seen.Sheet), group.Max(signature => signature.At))),
    ];

    /// <summary>Whether a group's signature stands.</summary>
    public static bool HasSigned(this ImmutableArray<Signature> signatures, Writer group) => signatures.Any(signature => signature.Withdrawn is null && signature.For == group);

    /// <summary>Whether a section is closed for a writer: by the group that seals it for everybody, or by the writer's own group.</summary>
    public static bool Closes(this ImmutableArray<Signature> signatures, SectionRule rule, ParticipantRole writer) =>
        (rule.SealedBy is { } sealer && signatures.HasSigned(sealer))
        || (writer.AsWriter() is { } own && rule.Writers.Contains(own) && signatures.HasSigned(own));
}
