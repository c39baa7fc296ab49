using System.Data.Common;
using System.Net.Sockets;

namespace SchoolHome.Silo.Storage;

/// <summary>Brings the database up to date before anything else in this host starts, so that nobody meets a table that is not there yet.</summary>
internal sealed partial class DatabaseMigration(
    SchoolDatabase database, DataFolder folder, StartupPatience patience, ILogger<DatabaseMigration> logger) : BeforeOthersStart
{
    public override async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (database.Kind is DatabaseKind.Sqlite)
            folder.Occupy();
        else
            await patience.UntilAsync("the database to accept connections", database.PingAsync, cancellationToken);

        var applied = await SchemaMigrations.ApplyAsync(database, cancellationToken);
        foreach (var script in applied) Applied(logger, script);
        Ready(logger, database.Kind);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Database migration {Script} applied.")]
    private static partial void Applied(ILogger logger, string script);

    [LoggerMessage(Level = LogLevel.Information, Message = "The {Kind} database is up to date.")]
    private static partial void Ready(ILogger logger, DatabaseKind kind);
}

/// <summary>A web process that is a client of the cluster changes no tables: it waits until a silo has brought them up to date.</summary>
internal sealed class DatabaseWait(SchoolDatabase database, StartupPatience patience) : BeforeOthersStart
{
    public override Task StartingAsync(CancellationToken cancellationToken) =>
        patience.UntilAsync("a silo to bring the database up to date", CheckAsync, cancellationToken);

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        await database.PingAsync(cancellationToken);
        if (!await SchemaMigrations.IsCompleteAsync(database, cancellationToken))
            throw new SchemaBehindException("The tables of the database are older than this program. Start a silo of the same version.");
    }
}

internal sealed class SchemaBehindException(string message) : Exception(message);

/// <summary>A hosted service that has finished its work before the first other one starts, in whatever order they were registered.</summary>
internal abstract class BeforeOthersStart : IHostedLifecycleService
{
    public abstract Task StartingAsync(CancellationToken cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>How long a starting process waits for the others that it needs: they may be starting, too.</summary>
internal sealed partial class StartupPatience(HostingOptions options, TimeProvider clock, ILogger<StartupPatience> logger)
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(1);

    private readonly long _start = clock.GetTimestamp();

    /// <summary>Tries again while the other side is not there yet, says what it waits for, and gives up with the last failure.</summary>
    public async Task UntilAsync(string awaited, Func<CancellationToken, Task> attempt, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await attempt(cancellationToken);
                return;
            }
            catch (Exception exception) when (exception is DbException or SocketException or TimeoutException or SchemaBehindException)
            {
                if (!await WaitAsync(awaited, exception, cancellationToken)) throw;
            }
        }
    }

    /// <summary>Waits a moment before the next try; false when there is to be none.</summary>
    public async Task<bool> WaitAsync(string awaited, Exception reason, CancellationToken cancellationToken)
    {
        var waited = clock.GetElapsedTime(_start);
        if (waited >= options.StartupWait)
        {
            GaveUp(logger, awaited, options.StartupWait);
            return false;
        }

        Waiting(logger, awaited, (int)waited.TotalSeconds, (int)options.StartupWait.TotalSeconds, reason.Message);
        using var timer = new PeriodicTimer(BetweenTries, clock);
        return await timer.WaitForNextTickAsync(cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Waiting for {Awaited} ({Seconds} of {Limit} s): {Reason}")]
    private static partial void Waiting(ILogger logger, string awaited, int seconds, int limit, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Gave up waiting for {Awaited} after {Limit} (SchoolHome:StartupWait).")]
    private static partial void GaveUp(ILogger logger, string awaited, TimeSpan limit);
}
