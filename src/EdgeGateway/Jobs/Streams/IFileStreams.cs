namespace EdgeGateway.Jobs.Streams;

/// <summary>Streams of files. What is answered is durable.</summary>
/// <exception cref="JobException">Refused; nothing changed.</exception>
public interface IFileStreams
{
    /// <summary>In order of their ids.</summary>
    IReadOnlyList<FileStream> All { get; }

    FileStream? Find(string id);

    Task<FileStream> CreateAsync(FileStream stream, CancellationToken cancellationToken);

    /// <param name="change">Gives the stream as it is to be; the version is counted here.</param>
    Task<FileStream> UpdateAsync(string id, Func<FileStream, FileStream> change, CancellationToken cancellationToken);

    Task DeleteAsync(string id, CancellationToken cancellationToken);
}
