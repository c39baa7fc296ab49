using SchoolHome.Benchmarks;
using SchoolHome.Benchmarks.Import;
using SchoolHome.Benchmarks.Storage;

var isQuick = args.Contains("--quick");
var passed = args.FirstOrDefault(argument => !argument.StartsWith('-')) switch
{
    "import" => await ImportBenchmark.Run(isQuick),
    "storage" => await StorageBenchmark.Run(isQuick),
    _ => throw new ArgumentException("Which benchmark? One of: import, storage."),
};
return passed ? 0 : 1;
