using SchoolHome.Benchmarks;
using SchoolHome.Benchmarks.Import;

var isQuick = args.Contains("--quick");
var passed = args.FirstOrDefault(argument => !argument.StartsWith('-')) switch
{
    "co-edit" => await SchoolHome.Benchmarks.CoEdit.CoEditBenchmark.Run(isQuick),
    "import" => await ImportBenchmark.Run(isQuick),
    _ => throw new ArgumentException("Which benchmark? One of: co-edit, import."),
};
return passed ? 0 : 1;
