namespace EdgeGateway.Storage.Log;

/// <summary>
/// The folder of one log: the only door to the disk, so that a crash simulator can stand in for it.
/// </summary>
public interface ILogFiles
{
    IReadOnlyList<string> List();

    ILogFile Open(string name);

    /// <summary>Makes an empty file, replacing one of that name.</summary>
    ILogFile Create(string name);

    /// <summary>Replaces a file of the new name; an open <see cref="ILogFile"/> stays valid.</summary>
    void Rename(string from, string to);

    void Delete(string name);

    /// <summary>Returns when the names created, renamed and deleted so far survive a power cut (fsync of the folder).</summary>
    void SyncNames();
}
