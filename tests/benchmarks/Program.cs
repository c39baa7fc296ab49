using SchoolHome.Benchmarks.CoEdit;
using SchoolHome.Benchmarks.Connections;
using SchoolHome.Benchmarks.Fanout;
using SchoolHome.Benchmarks.Import;
using SchoolHome.Benchmarks.Load;
using SchoolHome.Benchmarks.Storage;
using SchoolHome.Benchmarks.Text;

if (args is [BareSignalR.Argument])
{
    await BareSignalR.Serve();
    return 0;
}

var isQuick = args.Contains("--quick");
var passed = args.FirstOrDefault(argument => !argument.StartsWith('-')) switch
{
    "co-edit" => await CoEditBenchmark.Run(isQuick),
    "connections" => await ConnectionsBenchmark.Run(isQuick),
    "fanout" => await FanoutBenchmark.Run(isQuick),
    "import" => await ImportBenchmark.Run(isQuick),
    "storage" => await StorageBenchmark.Run(isQuick),
    "text" => TextBenchmark.Run(isQuick),
    _ => throw new ArgumentException("Which benchmark? One of: co-edit, connections, fanout, import, storage, text."),
};
return passed ? 0 : 1;
