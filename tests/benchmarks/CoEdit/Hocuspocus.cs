using System.Globalization;
using System.Text.Json;
using SchoolHome.Benchmarks.Load;

namespace SchoolHome.Benchmarks.CoEdit;

/// <summary>Hocuspocus under the same load, spoken by a program of its own kind.</summary>
internal static class Hocuspocus
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <param name="debounce">How long it waits before it stores a document.</param>
    /// <param name="pages">How many documents.</param>
    /// <param name="editorsOnEach">How many editors on each.</param>
    /// <param name="warmUp">What comes before.</param>
    /// <param name="duration">How long it is measured.</param>
    /// <param name="rate">Edits a second of all together; 0 for as fast as it goes.</param>
    public static async Task<Measured> Run(TimeSpan debounce, int pages, int editorsOnEach, WarmUp warmUp, TimeSpan duration, int rate)
    {
        var folder = Directory.CreateTempSubdirectory("schoolhome-hocuspocus-");
        try
        {
            await using var server = await NodePeer.Start("hocuspocus.mjs", Written(debounce.TotalMilliseconds), Path.Combine(folder.FullName, "documents.db"));
            var said = await NodePeer.Run(
                "hocuspocusLoad.mjs", Written(server.Port), Written(pages), Written(editorsOnEach), Written(duration.TotalSeconds), Written(rate), Written(server.ProcessId), Written(warmUp.Rate), Written(warmUp.Duration.TotalSeconds));
            return JsonSerializer.Deserialize<Measured>(said, Json)!;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Written(double number) => number.ToString(CultureInfo.InvariantCulture);
}
