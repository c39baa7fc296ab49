namespace SchoolHome.Tests.Infrastructure;

/// <summary>Asks as a client does: an unknown outcome is asked again, with the same operation id (C2).</summary>
internal static class Patiently
{
    public static async Task<T> Ask<T>(Func<Task<T>> ask)
    {
        T? answer = default;
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    answer = await ask();
                    return true;
                }
                catch (OutcomeUnknownException)
                {
                    return false;
                }
            },
            TimeSpan.FromSeconds(10), "an answer");
        return answer!;
    }
}
