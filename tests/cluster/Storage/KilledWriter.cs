using System.Diagnostics;
using System.Globalization;

namespace SchoolHome.Tests.Storage;

/// <summary>A process with a silo whose actors write as fast as they can. It prints each write that was acknowledged, until it is killed.</summary>
internal static class KilledWriter
{
    private const int Actors = 30;

    /// <summary>The program: the folder of its data, and how to reach PostgreSQL if it is that.</summary>
    public static async Task<int> Main(string[] args)
    {
        using var database = new TestDatabase(args[0], args.ElementAtOrDefault(1));
        using var host = await database.StartSiloAsync();
        var started = Enumerable.Range(0, Actors).Select(async i =>
        {
            var key = Key(i);
            for (var count = 1; ; count++)
            {
                await host.Actors().GetGrain<INotebookGrain>(key).WriteAsync("x");
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{key} {count}"));
            }
        });
        await Task.WhenAll(started);
        return 1;
    }

    public static string Key(int actor) => string.Create(CultureInfo.InvariantCulture, $"page/s01/{actor:0000}");

    /// <summary>Runs it, kills it in the middle, and answers how many writes of each actor it had acknowledged.</summary>
    public static async Task<Dictionary<string, int>> RunAndKillAsync(TestDatabase database, int acknowledged)
    {
        string[] arguments = [typeof(KilledWriter).Assembly.Location, database.Folder, .. database.ConnectionString is { } connection ? new[] { connection } : []];
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true })!;
        try
        {
            var last = new Dictionary<string, int>();
            for (var lines = 0; await process.StandardOutput.ReadLineAsync() is { } line; lines++)
            {
                if (lines == acknowledged) process.Kill();
                // What it said before it died is read to its end. The last line may be broken off, and then names a smaller number.
                if (line.Split(' ') is [var key, var count] && int.TryParse(count, CultureInfo.InvariantCulture, out var number))
                    last[key] = Math.Max(number, last.GetValueOrDefault(key));
            }

            return last;
        }
        finally
        {
            if (!process.HasExited) process.Kill();
            await process.WaitForExitAsync();
        }
    }
}
