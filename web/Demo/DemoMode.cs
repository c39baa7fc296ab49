namespace SchoolHome.Web.Demo;

/// <summary>Whether this is the demo: only in Development, and there unless <c>SchoolHome:Demo</c> is false.</summary>
internal sealed class DemoMode(IHostEnvironment environment, IConfiguration configuration)
{
    public bool IsOn { get; } = environment.IsDevelopment() && configuration.GetValue("SchoolHome:Demo", true);
}
