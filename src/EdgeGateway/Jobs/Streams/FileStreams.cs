using System.Text.Json;
using EdgeGateway.Storage;
using Microsoft.Data.Sqlite;

namespace EdgeGateway.Jobs.Streams;

internal sealed class FileStreams(Database database, IStreamContents contents, TimeProvider time) : IFileStreams
{
    private const int MostFiles = 50;

    public static MigrationSet Migrations { get; } = new("file-streams", ["CREATE TABLE file_stream (id TEXT PRIMARY KEY, stream TEXT NOT NULL) WITHOUT ROWID;"]);

    public IReadOnlyList<FileStream> All => database.Read(static connection => connection.Query("SELECT stream FROM file_stream ORDER BY id", Read));

    public FileStream? Find(string id) => database.Read(connection => Find(connection, id));

    public Task<FileStream> CreateAsync(FileStream stream, CancellationToken cancellationToken)
    {
        if (stream.Id.Length is < 1 or > 128 || stream.Id.Any(static c => !char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-')))
            throw JobException.Invalid($"streamId is '{stream.Id}', expected 1 to 128 of letters, digits, '_' and '-'");
        Check(stream);
        cancellationToken.ThrowIfCancellationRequested();
        return database.WriteAsync(connection =>
        {
            if (Find(connection, stream.Id) is not null)
                throw new JobException(JobErrorKind.ResourceAlreadyExists, $"stream {stream.Id} exists already");
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            return Put(connection, stream with { Version = 1, CreatedAt = now, UpdatedAt = now });
        });
    }

    public Task<FileStream> UpdateAsync(string id, Func<FileStream, FileStream> change, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return database.WriteAsync(connection =>
        {
            var now = Find(connection, id) ?? throw NotThere(id);
            var next = change(now);
            Check(next);
            return Put(connection, next with { Version = now.Version + 1, UpdatedAt = time.GetUtcNow().ToUnixTimeMilliseconds() });
        });
    }

    public Task DeleteAsync(string id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return database.WriteAsync(connection =>
        {
            if (Find(connection, id) is null)
                throw NotThere(id);
            connection.Run("DELETE FROM file_stream WHERE id = $0", id);
        });
    }

    private void Check(FileStream stream)
    {
        if (stream.Files.Count is < 1 or > MostFiles)
            throw JobException.Invalid($"files has {stream.Files.Count} members, expected 1 to {MostFiles}");
        if (stream.Files.FirstOrDefault(static file => file.Id is < 0 or > 255) is { } outside)
            throw JobException.Invalid($"files.fileId is {outside.Id}, expected 0 to 255");
        if (stream.Files.GroupBy(static file => file.Id).FirstOrDefault(static files => files.Count() > 1) is { } twice)
            throw JobException.Invalid($"files.fileId {twice.Key} comes twice");
        foreach (var file in stream.Files)
        {
            using var content = contents.Open(file.Bucket, file.Key);
            if (content is null)
                throw new JobException(JobErrorKind.ResourceNotFound, $"files.s3Location: there is no object {file.Key} in the bucket {file.Bucket}");
        }
    }

    private static JobException NotThere(string id) => new(JobErrorKind.ResourceNotFound, $"stream {id} is not there");

    private static FileStream? Find(SqliteConnection connection, string id) => connection.Query("SELECT stream FROM file_stream WHERE id = $0", Read, id).SingleOrDefault();

    private static FileStream Put(SqliteConnection connection, FileStream stream)
    {
        connection.Run("INSERT OR REPLACE INTO file_stream (id, stream) VALUES ($0, $1)", stream.Id, JsonSerializer.Serialize(stream, JobJson.Default.FileStream));
        return stream;
    }

    private static FileStream Read(SqliteDataReader row) => JsonSerializer.Deserialize(row.GetString(0), JobJson.Default.FileStream)!;
}
