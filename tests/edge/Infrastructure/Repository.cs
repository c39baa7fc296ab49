namespace SchoolHome.Tests.Infrastructure;

/// <summary>Where the sources are.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "SchoolHome.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("The tests run outside of the repository: there is no SchoolHome.sln above them.");
    }
}
