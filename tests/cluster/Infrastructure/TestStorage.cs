using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Orleans.Runtime;
using Orleans.Storage;
using SchoolHome.Grains.CoEditing;
using SchoolHome.Grains.Durability;

namespace SchoolHome.Tests.Infrastructure;

/// <summary>How a write fails.</summary>
internal enum Failure
{
    /// <summary>Nothing is stored, for certain.</summary>
    BeforeStoring,

    /// <summary>All is stored, but the writer does not learn it.</summary>
    AfterStoring,
}

/// <summary>
/// Storage in memory that behaves like the real one where it matters (JSON by the same rules, written after waiting, versions that are checked) and fails or waits on demand.
/// Silos that are killed leave it behind, as they would a database.
/// </summary>
internal sealed class TestStorage : IGrainStorage
{
    private readonly ConcurrentDictionary<string, Row> _rows = new(StringComparer.Ordinal);

    /// <summary>Every write that was stored, oldest first.</summary>
    public ConcurrentQueue<string> Journal { get; } = new();

    /// <summary>How often a row was stored.</summary>
    public int Writes(string key) => Of(key).Writes;

    /// <summary>What is stored; null when nothing is.</summary>
    public string? Json(string key) => Of(key).Json;

    public TState? Stored<TState>(string key) => Json(key) is { } json ? JsonSerializer.Deserialize<TState>(json, StateJson.Options) : default;

    /// <summary>A document as its actor would read it now.</summary>
    public TRecord StoredDocument<TRecord>(string key)
        where TRecord : TextDocumentRecord => (Stored<TextTail>(TailOf(key)) ?? new TextTail()).After(Stored<TRecord>(key)!);

    /// <summary>Every row as it is stored now.</summary>
    public IReadOnlyDictionary<string, string> Snapshot() =>
        _rows.Where(row => row.Value.Json is not null).ToDictionary(row => row.Key, row => row.Value.Json!, StringComparer.Ordinal);

    /// <summary>As if an older version of the software had stored this. Its actor must not be active.</summary>
    public void Store(string key, string json)
    {
        var row = Of(key);
        lock (row)
        {
            row.Json = json;
            row.Version = (row.Version ?? 0) + 1;
        }
    }

    /// <summary>As if the row had never been. Its actor must not be active.</summary>
    public void Forget(string key) => _rows.TryRemove(key, out _);

    /// <summary>The next writes of a row fail.</summary>
    public void FailWrites(string key, Failure failure, int times = 1) => Of(key).Failures.Enqueue((failure, times));

    /// <summary>Writes of a row fail until the answer is disposed of.</summary>
    public IDisposable FailWritesUntilDisposed(string key, Failure failure)
    {
        Of(key).Failing = failure;
        return new Disposal(() => Of(key).Failing = null);
    }

    /// <summary>Reads of a row fail until the answer is disposed of.</summary>
    public IDisposable FailReadsUntilDisposed(string key)
    {
        Of(key).Unreadable = true;
        return new Disposal(() => Of(key).Unreadable = false);
    }

    /// <summary>Writes of a row wait until the hold is released.</summary>
    public Hold HoldWrites(string key)
    {
        var hold = new Hold(key, () => Of(key).HeldWrites = null);
        Of(key).HeldWrites = hold;
        return hold;
    }

    /// <summary>Reads of a row wait until the hold is released.</summary>
    public Hold HoldReads(string key)
    {
        var hold = new Hold(key, () => Of(key).HeldReads = null);
        Of(key).HeldReads = hold;
        return hold;
    }

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var row = Of(stateName, grainId);
        if (row.HeldReads is { } hold)
            await hold.Wait();
        if (row.Unreadable)
            throw new IOException($"{stateName}: told not to be readable.");

        lock (row)
        {
            grainState.RecordExists = row.Json is not null;
            grainState.ETag = row.Version?.ToString(CultureInfo.InvariantCulture);
            grainState.State = row.Json is null ? Activator.CreateInstance<T>() : JsonSerializer.Deserialize<T>(row.Json, StateJson.Options)!;
        }
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var row = Of(stateName, grainId);
        if (row.HeldWrites is { } hold)
            await hold.Wait();

        // Like the stock provider: the state is read only now, off the actor's turn. A record that had changed meanwhile would be torn.
        await Task.Run(() =>
        {
            lock (row)
            {
                var failure = row.NextFailure();
                if (failure is Failure.BeforeStoring)
                    throw new IOException($"{stateName}: told to fail before storing.");

                Require(row, grainState.ETag);
                row.Json = JsonSerializer.Serialize(grainState.State, StateJson.Options);
                row.Version = (row.Version ?? 0) + 1;
                row.Writes++;
                Journal.Enqueue(grainId.Key.ToString()!);
                if (failure is Failure.AfterStoring)
                    throw new IOException($"{stateName}: told to fail after storing.");

                grainState.ETag = row.Version?.ToString(CultureInfo.InvariantCulture);
                grainState.RecordExists = true;
            }
        });
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var row = Of(stateName, grainId);
        lock (row)
        {
            Require(row, grainState.ETag);
            row.Json = null;
            row.Version = (row.Version ?? 0) + 1;
            grainState.ETag = row.Version?.ToString(CultureInfo.InvariantCulture);
            grainState.RecordExists = false;
        }

        return Task.CompletedTask;
    }

    private static void Require(Row row, string? etag)
    {
        var stored = row.Version?.ToString(CultureInfo.InvariantCulture);
        if (stored != etag)
            throw new InconsistentStateException("The row has another version.", stored ?? "", etag ?? "");
    }

    /// <summary>The row of what was added to a document since it was stored as a whole (<see cref="TextTail"/>).</summary>
    public static string TailOf(string key) => $"{key}/tail";

    // An actor's record is found by the actor's key alone; the one kind of actor that has a second row is a document.
    private Row Of(string stateName, GrainId id) => Of(stateName.EndsWith("-tail", StringComparison.Ordinal) ? TailOf(id.Key.ToString()!) : id.Key.ToString()!);

    private Row Of(string key) => _rows.GetOrAdd(key, _ => new Row());

    private sealed class Row
    {
        public string? Json { get; set; }

        public int? Version { get; set; }

        public int Writes { get; set; }

        public ConcurrentQueue<(Failure Failure, int Times)> Failures { get; } = new();

        public volatile Hold? HeldWrites;

        public volatile Hold? HeldReads;

        public Failure? Failing { get; set; }

        public bool Unreadable { get; set; }

        private (Failure Failure, int Left) _current;

        public Failure? NextFailure()
        {
            if (_current.Left == 0 && Failures.TryDequeue(out var next))
                _current = next;
            if (_current.Left == 0)
                return Failing;

            _current.Left--;
            return _current.Failure;
        }
    }

    private sealed class Disposal(Action action) : IDisposable
    {
        public void Dispose() => action();
    }
}

/// <summary>Reads or writes that wait.</summary>
internal sealed class Hold(string key, Action released) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Answers when somebody waits at the hold.</summary>
    public async Task Reached()
    {
        try
        {
            await _reached.Task.WaitAsync(Limit);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"Waited {Limit.TotalSeconds:0} s for somebody to read or write {key}.", exception);
        }
    }

    public void Release()
    {
        released();
        _ = _release.TrySetResult();
    }

    public void Dispose() => Release();

    internal Task Wait()
    {
        _ = _reached.TrySetResult();
        return _release.Task;
    }
}
