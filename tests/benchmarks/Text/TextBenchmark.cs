using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace SchoolHome.Benchmarks.Text;

/// <summary>What one operation of the shared text takes, in time and in memory, by BenchmarkDotNet. No goal: it tells what a change of the code has changed.</summary>
internal static class TextBenchmark
{
    public static bool Run(bool isQuick)
    {
        var job = (isQuick ? Job.Dry : Job.ShortRun).WithToolchain(InProcessEmitToolchain.Instance);
        var folder = Directory.CreateTempSubdirectory("schoolhome-text-benchmark-");
        try
        {
            var config = DefaultConfig.Instance.AddJob(job).WithArtifactsPath(folder.FullName);
            return BenchmarkRunner.Run<TextOperations>(config).Reports.All(report => report.Success);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
