using System.Globalization;
using System.IO.Compression;
using System.Threading.Channels;
using EdgeGateway.Storage.Log;

namespace EdgeGateway.Rules.Objects;

/// <summary>
/// Objects as files, bucket/key below one folder. A replaced object is written beside and renamed, so a reader sees the old or the new one;
/// what is appended shares a flush with what else came meanwhile, and a write that fails leaves no half line. One loop writes.
/// </summary>
internal sealed class ObjectFiles : IObjects, IAsyncDisposable
{
    private const string Beside = ".tmp";
    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(1), RetainEvery = TimeSpan.FromMinutes(1);
    private readonly string _root;
    private readonly TimeProvider _time;
    private readonly Channel<ObjectWrite?> _writes = Channel.CreateBounded<ObjectWrite?>(new BoundedChannelOptions(1000) { SingleReader = true });
    private readonly Dictionary<string, (string Bucket, string Key, DateTimeOffset BegunAt, ObjectSettings Settings, string? SetAsideAs)> _appended = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ObjectSettings> _retained = new(StringComparer.Ordinal);
    private readonly Task _loop;
    private readonly ITimer _timer;
    private DateTimeOffset _retainedAt;
    private int _sequence;

    /// <param name="root">Made with the first object.</param>
    public ObjectFiles(string root, TimeProvider time)
    {
        (_root, _time) = (root, time);
        _retainedAt = time.GetUtcNow();
        _timer = time.CreateTimer(static files => ((ObjectFiles)files!)._writes.Writer.TryWrite(null), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _loop = Task.Run(RunAsync);
    }

    public IReadOnlyList<string> Buckets =>
        Directory.Exists(_root) ? [.. Directory.GetDirectories(_root).Select(static path => Path.GetFileName(path)).Where(ObjectName.IsBucket).Order(StringComparer.Ordinal)] : [];

    /// <param name="setAsideAs">Key that an appended object gets when it is set aside, with `{time}` for the moment; null: its own with the moment in it.</param>
    /// <returns>Completes when it is on disk.</returns>
    /// <exception cref="IOException">No room, or a folder has that name.</exception>
    public async Task WriteAsync(string bucket, string key, ReadOnlyMemory<byte> bytes, ObjectSettings settings, string? setAsideAs = null)
    {
        var write = new ObjectWrite(bucket, key, bytes, settings, setAsideAs, new(TaskCreationOptions.RunContinuationsAsynchronously));
        await _writes.Writer.WriteAsync(write);
        await write.Done.Task;
    }

    public IReadOnlyList<ObjectInfo> List(string bucket, string? prefix, int limit) => !ObjectName.IsBucket(bucket)
        ? []
        : [.. Files(bucket).Where(file => prefix is null || file.Key.StartsWith(prefix, StringComparison.Ordinal)).OrderBy(static file => file.Key, StringComparer.Ordinal).Take(Math.Clamp(limit, 1, 100_000))];

    public Stream? Open(string bucket, string key)
    {
        if (!ObjectName.IsBucket(bucket) || !ObjectName.IsKey(key) || !File.Exists(PathOf(bucket, key)))
            return null;
        return new FileStream(PathOf(bucket, key), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
    }

    public bool Delete(string bucket, string key)
    {
        if (!ObjectName.IsBucket(bucket) || !ObjectName.IsKey(key) || !File.Exists(PathOf(bucket, key)))
            return false;
        File.Delete(PathOf(bucket, key));
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        _writes.Writer.TryComplete();
        await _loop;
        await _timer.DisposeAsync();
    }

    private string PathOf(string bucket, string key) => Path.Combine(_root, bucket, key);

    private async Task RunAsync()
    {
        var group = new List<ObjectWrite>();
        while (await _writes.Reader.WaitToReadAsync())
        {
            group.Clear();
            while (group.Count < 1000 && _writes.Reader.TryRead(out var next))
            {
                if (next is not null)
                    group.Add(next);
            }
            foreach (var put in group.Where(static write => !write.Settings.Appends))
                Try([put], () => Put(put));
            foreach (var file in group.Where(static write => write.Settings.Appends).GroupBy(static write => (write.Bucket, write.Key)))
                Try([.. file], () => Append([.. file]));
            foreach (var write in group.Where(static write => write.Settings.MaxAge > TimeSpan.Zero || write.Settings.MaxBytes > 0))
                _retained[write.Bucket] = write.Settings;
            Sweep();
            // Nothing that time could change: the processor may sleep.
            var needsTime = _retained.Count > 0 || _appended.Values.Any(static file => file.Settings.RotateAfter > TimeSpan.Zero);
            _timer.Change(needsTime ? SweepEvery : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    private static void Try(ObjectWrite[] writes, Action run)
    {
        try
        {
            run();
            foreach (var write in writes)
                write.Done.TrySetResult();
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            foreach (var write in writes)
                write.Done.TrySetException(ex is IOException ? ex : new IOException(ex.Message, ex));
        }
    }

    private void Put(ObjectWrite write)
    {
        var target = PathOf(write.Bucket, write.Key);
        if (Directory.Exists(target))
            throw new IOException($"{write.Bucket}/{write.Key} is a folder of other objects");
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        var fresh = Temporary();
        using (var stream = new FileStream(fresh, FileMode.Create, FileAccess.Write))
        {
            stream.Write(write.Bytes.Span);
            stream.Flush(flushToDisk: true);
        }
        File.Move(fresh, target, overwrite: true);
        SyncNames(target);
    }

    private void Append(IReadOnlyList<ObjectWrite> writes)
    {
        var (first, last) = (writes[0], writes[^1]);
        var target = PathOf(first.Bucket, first.Key);
        if (Directory.Exists(target))
            throw new IOException($"{first.Bucket}/{first.Key} is a folder of other objects");
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        using (var stream = new FileStream(target, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
        {
            var before = stream.Length;
            stream.Position = before;
            try
            {
                foreach (var write in writes)
                    stream.Write(write.Bytes.Span);
                stream.Flush(flushToDisk: true);
            }
            catch (IOException)
            {
                stream.SetLength(before); // no half line: what failed is written again as a whole
                throw;
            }
        }
        if (!_appended.ContainsKey(target))
        {
            SyncNames(target);
            _appended[target] = (first.Bucket, first.Key, _time.GetUtcNow(), last.Settings, last.SetAsideAs);
        }
        if (last.Settings.RotateBytes > 0 && new FileInfo(target).Length >= last.Settings.RotateBytes)
            SetAside(target);
    }

    private void Sweep()
    {
        var now = _time.GetUtcNow();
        foreach (var (target, file) in _appended.Where(file => file.Value.Settings.RotateAfter > TimeSpan.Zero && now - file.Value.BegunAt >= file.Value.Settings.RotateAfter).ToList())
            Try([], () => SetAside(target));
        if (now - _retainedAt < RetainEvery)
            return;
        _retainedAt = now;
        foreach (var (bucket, settings) in _retained)
            Try([], () => Retain(bucket, settings, now));
    }

    private void SetAside(string target)
    {
        if (!_appended.Remove(target, out var file) || !File.Exists(target))
            return;
        var moment = $"{_time.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmssfff", CultureInfo.InvariantCulture)}-{_sequence++ % 1000:000}";
        var extension = Path.GetExtension(file.Key);
        var key = file.SetAsideAs is { } pattern
            ? pattern.Replace("{time}", moment, StringComparison.Ordinal).Replace("{hour}", _time.GetUtcNow().UtcDateTime.ToString("yyyy/MM/dd/HH", CultureInfo.InvariantCulture), StringComparison.Ordinal)
            : $"{file.Key[..^extension.Length]}.{moment}{extension}";
        var aside = PathOf(file.Bucket, key);
        Directory.CreateDirectory(Path.GetDirectoryName(aside)!);
        if (!file.Settings.IsCompressed)
        {
            File.Move(target, aside);
            SyncNames(aside);
            return;
        }
        var fresh = Temporary();
        using (var from = File.OpenRead(target))
        using (var to = new FileStream(fresh, FileMode.Create, FileAccess.Write))
        {
            using (var gzip = new GZipStream(to, CompressionLevel.Optimal, leaveOpen: true))
                from.CopyTo(gzip);
            to.Flush(flushToDisk: true);
        }
        File.Move(fresh, aside + ".gz");
        SyncNames(aside);
        File.Delete(target);
    }

    private void Retain(string bucket, ObjectSettings settings, DateTimeOffset now)
    {
        var files = Files(bucket).OrderByDescending(static file => file.ModifiedAt).ToList();
        var bytes = 0L;
        foreach (var file in files)
        {
            bytes += file.Bytes;
            if ((settings.MaxAge > TimeSpan.Zero && now - file.ModifiedAt > settings.MaxAge) || (settings.MaxBytes > 0 && bytes > settings.MaxBytes))
                File.Delete(PathOf(bucket, file.Key));
        }
    }

    private IEnumerable<ObjectInfo> Files(string bucket)
    {
        var folder = Path.Combine(_root, bucket);
        if (!Directory.Exists(folder))
            yield break;
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            var file = new FileInfo(path);
            if (file.Exists)
                yield return new(bucket, Path.GetRelativePath(folder, path), file.Length, file.LastWriteTimeUtc);
        }
    }

    // Without it a power cut may take the name of a file whose content is on disk.
    private static void SyncNames(string path) => new DiskLogFiles(Path.GetDirectoryName(path)!).SyncNames();

    private string Temporary()
    {
        Directory.CreateDirectory(Path.Combine(_root, Beside));
        return Path.Combine(_root, Beside, Guid.NewGuid().ToString("N"));
    }
}
