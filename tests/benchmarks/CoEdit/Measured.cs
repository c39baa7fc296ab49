namespace SchoolHome.Benchmarks.CoEdit;

/// <summary>What one run of the load has measured.</summary>
/// <param name="EditsPerSecond">Edits that were acknowledged, a second.</param>
/// <param name="P50">From an editor to another editor of the page, in milliseconds: half of the edits.</param>
/// <param name="P99">The same, of 99 in 100.</param>
/// <param name="ProcessorMsPerEdit">Processor time of the server.</param>
/// <param name="GeneratorBusy">How many processors the generator of the load has used; one that has but one thread is the bottleneck at 1.</param>
internal sealed record Measured(double EditsPerSecond, double P50, double P99, double ProcessorMsPerEdit, double GeneratorBusy);

/// <summary>What comes before anything is measured: so many edits a second of all together, for so long.</summary>
internal sealed record WarmUp(int Rate, TimeSpan Duration);
