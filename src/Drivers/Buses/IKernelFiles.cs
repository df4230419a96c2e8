namespace EdgeGateway.Drivers;

/// <summary>Small text files the kernel serves, by absolute path.</summary>
public interface IKernelFiles
{
    bool Exists(string path);

    /// <summary>Names of the entries of a folder in ordinal order; empty if there is no such folder.</summary>
    IReadOnlyList<string> List(string folder);

    /// <summary>Bytes a program may still write to the file system of a folder, and its size; null where there is no such folder.</summary>
    (long Free, long Size)? Space(string folder);

    /// <remarks>May block for long inside the kernel (a 1-Wire conversion takes 750 ms): implementations keep the caller's thread free.</remarks>
    /// <exception cref="IOException">Missing (<see cref="FileNotFoundException"/>, <see cref="DirectoryNotFoundException"/>) or failing.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission.</exception>
    ValueTask<string> ReadAsync(string path, CancellationToken cancellationToken);

    /// <exception cref="IOException">As <see cref="ReadAsync"/>.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission.</exception>
    ValueTask WriteAsync(string path, string text, CancellationToken cancellationToken);
}
