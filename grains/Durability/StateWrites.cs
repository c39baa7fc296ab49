namespace SchoolHome.Grains.Durability;

/// <summary>How the small actors write, that take one call at a time and tell no watchers; the others are <see cref="DurableGrain{TRecord}"/>s.</summary>
internal static class StateWrites
{
    /// <summary>
    /// Replaces an actor's state, and waits until that is stored. A write that failed may have been stored or not: its caller learns that, and the activation goes away, so that the next one reads what is stored.
    /// </summary>
    /// <exception cref="OutcomeUnknownException">The write failed.</exception>
    public static async Task Store<T>(this IPersistentState<T> storage, T next, IGrainBase actor)
    {
        storage.State = next;
        try
        {
            await storage.WriteStateAsync();
        }
        catch (Exception exception)
        {
            actor.DeactivateOnIdle();
            throw new OutcomeUnknownException("A write failed; whether it was stored is not known.", exception);
        }
    }
}
