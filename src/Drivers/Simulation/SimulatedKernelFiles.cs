namespace EdgeGateway.Drivers.Simulation;

/// <summary>Files of a kernel that is not there: each a function that gives its text at the moment of reading.</summary>
public sealed class SimulatedKernelFiles : IKernelFiles
{
    private readonly Lock _lock = new(); // guards the map
    private readonly SortedDictionary<string, SimulatedFile> _files = new(StringComparer.Ordinal);

    public void Add(string path, string text) => Add(path, new SimulatedFile(_ => ValueTask.FromResult(text)));

    public void Add(string path, SimulatedFile file)
    {
        lock (_lock)
            _files[path] = file;
    }

    /// <summary>Takes away a file, or a folder with all in it.</summary>
    public void Remove(string path)
    {
        lock (_lock)
            foreach (var name in _files.Keys.Where(name => name == path || name.StartsWith(path + "/", StringComparison.Ordinal)).ToArray())
                _files.Remove(name);
    }

    public bool Exists(string path)
    {
        lock (_lock)
            return _files.Keys.Any(name => name == path || name.StartsWith(path + "/", StringComparison.Ordinal));
    }

    public IReadOnlyList<string> List(string folder)
    {
        var prefix = folder.TrimEnd('/') + "/";
        lock (_lock)
        {
            return [.. _files.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
                .Select(name => name[prefix.Length..].Split('/')[0]).Distinct()];
        }
    }

    /// <summary>What <see cref="IKernelFiles.Space"/> gives for every folder; null: nothing.</summary>
    public (long Free, long Size)? Disk { get; set; }

    public (long Free, long Size)? Space(string folder) => Disk;

    public ValueTask<string> ReadAsync(string path, CancellationToken cancellationToken) => Find(path).Read(cancellationToken);

    public ValueTask WriteAsync(string path, string text, CancellationToken cancellationToken) =>
        Find(path).Write is { } write ? write(text, cancellationToken) : throw new UnauthorizedAccessException($"{path} is read-only.");

    private SimulatedFile Find(string path)
    {
        lock (_lock)
            return _files.TryGetValue(path, out var file) ? file : throw new FileNotFoundException($"There is no {path}.", path);
    }
}
