using System.Collections.Immutable;

namespace SchoolHome.School;

/// <summary>The one district of a deployment: its name, which schools there are, who founds more of them, and the first run.</summary>
[GrainInterfaceType("schoolhome.district")]
[Alias("schoolhome.IDistrictGrain")]
public interface IDistrictGrain : IGrainWithStringKey
{
    /// <summary>The key of the one district.</summary>
    static readonly string TheKey = $"{KeyKinds.District}/main";

    /// <summary>The schools, in the order in which they were founded; empty before the first run.</summary>
    [Alias("Schools")]
    Task<ImmutableArray<SchoolId>> Schools();

    /// <summary>The district as it is.</summary>
    [Alias("Profile")]
    Task<DistrictProfile> Profile();

    /// <summary>Renames the district. Field refused: <c>name</c> (<c>required</c>, <c>too-long</c>).</summary>
    [Alias("Rename")]
    Task<Answer<Done>> Rename(string name);

    /// <summary>Makes somebody an administrator of the district: they found schools; what is in a school is its own administrators' business. Repeating it changes nothing.</summary>
    [Alias("AddAdministrator")]
    Task<Answer<Done>> AddAdministrator(TeacherId teacher);

    /// <summary>Ends that. Refused with <c>last-administrator</c>. Repeating it changes nothing.</summary>
    [Alias("RemoveAdministrator")]
    Task<Answer<Done>> RemoveAdministrator(TeacherId teacher);

    /// <summary>The id for a further school: the next free one. The same operation id again answers the same.</summary>
    [Alias("NextSchool")]
    Task<Answer<SchoolId>> NextSchool(Guid operation);

    /// <summary>
    /// Makes a one-time token good for the first run, until the first school is founded. Every web process offers its own. Only the token's hash is kept.
    /// </summary>
    /// <param name="tokenHash">SHA-256 of the token, in hexadecimal.</param>
    [Alias("OfferSetup")]
    Task OfferSetup(string tokenHash);

    /// <summary>
    /// Takes the first run for one browser: from now on only commands with the same operation id go on with it. Refused with <c>setup-token-wrong</c>, <c>setup-done</c>
    /// when there is a school already, or <c>setup-under-way</c> when another command has taken it within the last ten minutes.
    /// </summary>
    [Alias("BeginSetup")]
    Task<Answer<Done>> BeginSetup(Guid operation, string tokenHash);

    /// <summary>Enters a school into the district. Entering it again changes nothing.</summary>
    [Alias("EnterSchool")]
    Task<Answer<Done>> EnterSchool(SchoolId school);
}

/// <summary>The district.</summary>
/// <param name="Name">E.g. 青禾区教育局; empty until somebody has named it.</param>
/// <param name="Schools">In the order in which they were founded.</param>
/// <param name="Administrators">Who founds schools.</param>
[GenerateSerializer, Immutable, Alias("schoolhome.DistrictProfile")]
public sealed record DistrictProfile(
    [property: Id(0)] string Name,
    [property: Id(1)] ImmutableArray<SchoolId> Schools,
    [property: Id(2)] ImmutableArray<TeacherId> Administrators);
