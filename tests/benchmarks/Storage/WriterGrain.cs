using System.Diagnostics;
using Orleans.Runtime;

namespace SchoolHome.Benchmarks.Storage;

/// <summary>An actor that writes, waits until that is stored, and writes again.</summary>
[Alias("bench-writer")]
internal interface IWriterGrain : IGrainWithStringKey
{
    /// <summary>Writes once, so that the actor and its row are there.</summary>
    [Alias("begin")]
    Task Begin();

    /// <summary>Writes until a moment of <see cref="Stopwatch.GetTimestamp"/>, the same for all actors. The last write may end later; it is waited for, but not counted.</summary>
    [Alias("write-until")]
    Task<Written> WriteUntil(long end);
}

/// <param name="Count">Writes that were stored before the time was over.</param>
/// <param name="Failed">Writes that failed.</param>
/// <param name="Waits">How long each write took, in ms.</param>
[GenerateSerializer, Alias("bench-written")]
internal sealed record Written([property: Id(0)] int Count, [property: Id(1)] int Failed, [property: Id(2)] float[] Waits);

/// <summary>About as much as a page of the contact book holds on an ordinary day.</summary>
internal sealed record WriterState
{
    public int Schema { get; init; } = 1;

    public int Number { get; init; }

    public string Text { get; init; } = "";
}

[GrainType("bench-writer")]
internal sealed class WriterGrain([PersistentState("bench-writer")] IPersistentState<WriterState> state) : Grain, IWriterGrain
{
    /// <summary>Of the stored JSON, more or less.</summary>
    public const int Bytes = 1000;

    private static readonly string Text = string.Concat(Enumerable.Repeat("今天读了第十课，回家背一遍。", Bytes / 42));

    public Task Begin() => Write();

    public async Task<Written> WriteUntil(long end)
    {
        var (count, failed, waits) = (0, 0, new List<float>());
        while (Stopwatch.GetTimestamp() < end)
        {
            var before = Stopwatch.GetTimestamp();
            try
            {
                await Write();
                if (Stopwatch.GetTimestamp() < end) count++;
            }
            catch (Exception exception) when (exception is not Orleans.Storage.InconsistentStateException)
            {
                failed++;
            }

            waits.Add((float)Stopwatch.GetElapsedTime(before).TotalMilliseconds);
        }

        return new(count, failed, [.. waits]);
    }

    private Task Write()
    {
        state.State = new WriterState { Number = state.State.Number + 1, Text = Text };
        return state.WriteStateAsync();
    }
}
