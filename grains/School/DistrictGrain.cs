using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using SchoolHome.Grains.Durability;
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

    public string Name { get; init; } = "";

    public ImmutableArray<TeacherId> Administrators { get; init; } = [];

    /// <summary>Ids that were given to commands which found a school; the latest, bounded.</summary>
    public ImmutableArray<NextSchool> Given { get; init; } = [];
}

/// <summary>The id of a school that a command founds.</summary>
internal sealed record NextSchool(Guid Operation, SchoolId School);

/// <summary>Which id the next school gets.</summary>
internal static class DistrictRules
{
    public const int MostRemembered = 20;

    /// <summary>The district with an id for the command: the number after the greatest that was ever given. The same district when the command has one.</summary>
    public static DistrictState Next(DistrictState state, Guid operation)
    {
        if (state.Given.Any(one => one.Operation == operation))
            return state;

        var last = state.Schools.Select(SchoolId.Parse).Concat(state.Given.Select(one => one.School)).Select(NumberOf).DefaultIfEmpty(0).Max();
        var given = state.Given.Add(new NextSchool(operation, new SchoolId(string.Create(CultureInfo.InvariantCulture, $"s{last + 1:00}"))));
        return state with { Given = given.Length > MostRemembered ? given[^MostRemembered..] : given };
    }

    private static int NumberOf(SchoolId school) =>
        school.School.StartsWith('s') && int.TryParse(school.School.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
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

    public Task<DistrictProfile> Profile() =>
        Task.FromResult(new DistrictProfile(storage.State.Name, [.. storage.State.Schools.Select(SchoolId.Parse)], storage.State.Administrators));

    public async Task<Answer<Done>> Rename(string name)
    {
        if (string.IsNullOrWhiteSpace(name))
            return Invalid.Field("name", "required");
        if (name.Length > SchoolRules.LongestName)
            return Invalid.Field("name", "too-long");
        if (storage.State.Name != name)
            await Write(storage.State with { Name = name });

        return Done.It;
    }

    public async Task<Answer<Done>> AddAdministrator(TeacherId teacher)
    {
        if (!storage.State.Administrators.Contains(teacher))
            await Write(storage.State with { Administrators = storage.State.Administrators.Add(teacher) });

        return Done.It;
    }

    public async Task<Answer<Done>> RemoveAdministrator(TeacherId teacher)
    {
        if (!storage.State.Administrators.Contains(teacher))
            return Done.It;
        if (storage.State.Administrators.Length == 1)
            return new Conflict("last-administrator");

        await Write(storage.State with { Administrators = storage.State.Administrators.Remove(teacher) });
        return Done.It;
    }

    public async Task<Answer<SchoolId>> NextSchool(Guid operation)
    {
        var next = DistrictRules.Next(storage.State, operation);
        if (!ReferenceEquals(next, storage.State))
            await Write(next);

        return next.Given.First(one => one.Operation == operation).School;
    }

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

    private Task Write(DistrictState next) => storage.Store(next, this);
}
