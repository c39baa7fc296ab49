using System.Collections.Immutable;

namespace SchoolHome.People;

/// <summary>A guardian, deployment-wide: whose children they follow. A projection of the children's records, which decide.</summary>
[GrainInterfaceType("schoolhome.guardian")]
[Alias("schoolhome.IGuardianGrain")]
public interface IGuardianGrain : IGrainWithStringKey, ITakesFactsGrain, IOutboxGrain
{
    /// <summary>The children whose books they may read, by student number.</summary>
    [Alias("Children")]
    Task<ImmutableArray<GuardianChild>> Children();

    /// <summary>The account that signs in as this guardian; null until one does.</summary>
    [Alias("Account")]
    Task<AccountId?> Account();

    /// <summary>Says which account signs in as this guardian. Refused with <c>guardian-has-account</c> when it is another one already.</summary>
    [Alias("BindAccount")]
    Task<Answer<Done>> BindAccount(AccountId account);
}

/// <summary>A child of a guardian.</summary>
/// <param name="Student">The child.</param>
/// <param name="Relation">What the guardian is to the child.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.GuardianChild")]
public sealed record GuardianChild([property: Id(0)] StudentId Student, [property: Id(1)] Relation Relation);
