using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using SchoolHome.School;

namespace SchoolHome.Grains.School;

internal sealed record DistrictState
{
    public int Schema { get; init; } = 1;

    /// <summary>The keys of the schools, in the order in which they were founded.</summary>
    public ImmutableArray<string> Schools { get; init; } = [];

    /// <summary>Hashes of the tokens that are good for the first run. One a web process and start; emptied by the first school.</summary>
    public ImmutableArray<string> SetupTokens { get; init; } = [];

    /// <summary>The command that is carrying out the first run; another one may take over when it lapses.</summary>
    public Guid? Setup { get; init; }

    public DateTimeOffset? SetupLapses { get; init; }
}

// Not reentrant: the first run and the founding of a school are rare.
[GrainType("district")]
internal sealed class DistrictGrain(
    [PersistentState("district")] IPersistentState<DistrictState> storage,
    [FromKeyedServices(SchoolClock.Key)] TimeProvider clock) : Grain, IDistrictGrain
{
    private const int MostTokens = 20;
    private static readonly TimeSpan SetupLasts = TimeSpan.FromMinutes(10);

    public Task<ImmutableArray<SchoolId>> Schools() => Task.FromResult(ImmutableArray.CreateRange(storage.State.Schools, SchoolId.Parse));

    public Task<DistrictProfile> Profile() => throw new NotSupportedException();
    public Task<Answer<Done>> Rename(string name) => throw new NotSupportedException();
    public Task<Answer<Done>> AddAdministrator(TeacherId teacher) => throw new NotSupportedException();
    public Task<Answer<Done>> RemoveAdministrator(TeacherId teacher) => throw new NotSupportedException();
    public Task<Answer<SchoolId>> NextSchool(Guid operation) => throw new NotSupportedException();

    public Task OfferSetup(string tokenHash)
    {
        if (!storage.State.Schools.IsEmpty || storage.State.SetupTokens.Contains(tokenHash))
            return Task.CompletedTask;

        var tokens = storage.State.SetupTokens.Add(tokenHash);
        return Write(storage.State with { SetupTokens = tokens.Length > MostTokens ? tokens[^MostTokens..] : tokens });
    }

    public async Task<Answer<Done>> BeginSetup(Guid operation, string tokenHash)
    {
        var now = clock.GetUtcNow();
        // A repetition goes on with the first run for as long as it may take, and not for ever: later it would set the administrator's password back.
        if (storage.State.Setup == operation && storage.State.SetupLapses > now)
            return Done.It;
        if (!storage.State.Schools.IsEmpty)
            return new Conflict("setup-done");
        if (storage.State.SetupLapses is { } lapses && lapses > now)
            return new Conflict("setup-under-way");
        if (!storage.State.SetupTokens.Contains(tokenHash))
            return new Forbidden("setup-token-wrong");

        await Write(storage.State with { Setup = operation, SetupLapses = now + SetupLasts });
        return Done.It;
    }

    public async Task<Answer<Done>> EnterSchool(SchoolId school)
    {
        var key = school.ToString();
        if (!storage.State.Schools.Contains(key))
            await Write(storage.State with { Schools = storage.State.Schools.Add(key), SetupTokens = [] });

        return Done.It;
    }

    private async Task Write(DistrictState next)
    {
        storage.State = next;
        try
        {
            await storage.WriteStateAsync();
        }
        catch (Exception exception)
        {
            DeactivateOnIdle();
            throw new OutcomeUnknownException("A write failed; whether it was stored is not known.", exception);
        }
    }
}
