namespace SchoolHome.Silo.Storage;

/// <summary>
/// The folder of the embedded database, held by one process at a time. Two processes on one file would be two silos that do not know each other, each
/// sure that it alone has the actor. The operating system lets go of the lock when the process ends, however it ends.
/// </summary>
internal sealed class DataFolder(StorageOptions options) : IDisposable
{
    private FileStream? _lock;

    /// <exception cref="InvalidOperationException">Another process runs on this folder.</exception>
    public void Occupy()
    {
        Create(options.DataFolder);
        var path = Path.Combine(options.DataFolder, "schoolhome.lock");
        try
        {
            _lock = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new InvalidOperationException(
                $"Another SchoolHome already runs on the data folder {options.DataFolder}. Stop it, or give this one its own folder (SchoolHome:DataFolder).",
                exception);
        }
    }

    /// <summary>Only its owner may look into the folder: it holds what the school knows of its families.</summary>
    public static void Create(string path)
    {
        if (OperatingSystem.IsWindows())
            _ = Directory.CreateDirectory(path);
        else
            _ = Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public void Dispose() => _lock?.Dispose();
}
