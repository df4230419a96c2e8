namespace EdgeGateway.Storage.Backup;

/// <summary>
/// Writes a backup of a running gateway: a compressed tar archive of its data folder. It holds private keys: guard it like the folder.
/// </summary>
/// <param name="dataFolder">The folder of all state; a copy of it is kept there for the time of the backup.</param>
/// <param name="version">Of the gateway, for the manifest.</param>
public sealed class BackupWriter(string dataFolder, string version, TimeProvider time)
{
    /// <summary>Makes the copy first, so that what is sent does not change any more.</summary>
    /// <exception cref="BackupException">Not enough room, or the log moves too fast.</exception>
    public BackupCopy Copy(CancellationToken cancellationToken)
    {
        var copy = new BackupCopy(Path.Combine(dataFolder, $"backup-{Guid.NewGuid():N}"), version, time.GetUtcNow());
        try
        {
            Directory.CreateDirectory(copy.Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            new DataFolderCopy(dataFolder, copy.Folder).Run(cancellationToken);
            return copy;
        }
        catch (IOException ex)
        {
            copy.Dispose();
            throw new BackupException($"the backup could not be made in {dataFolder} ({ex.Message}): it takes as much room as the state itself", ex);
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }
}
