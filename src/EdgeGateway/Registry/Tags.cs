using System.Collections.Immutable;

namespace EdgeGateway.Registry;

internal sealed class Tags(RegistryState state) : ITags
{
    private static readonly ImmutableSortedDictionary<string, string> NoTags = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    public IReadOnlyList<KeyValuePair<string, string>> Of(string arn) => [.. state.Current.Tags.GetValueOrDefault(arn, NoTags)];

    public RegistryError? Check(IReadOnlyDictionary<string, string> tags) => RegistryRules.Tags(tags);

    public Task<RegistryResult<bool>> SetAsync(string arn, IReadOnlyDictionary<string, string> tags, CancellationToken cancellationToken) =>
        WriteAsync(arn, old => old.SetItems(tags), RegistryRules.Tags(tags), cancellationToken);

    public Task<RegistryResult<bool>> RemoveAsync(string arn, IReadOnlyCollection<string> keys, CancellationToken cancellationToken) =>
        WriteAsync(arn, old => old.RemoveRange(keys), keys.Select(RegistryRules.TagKey).FirstOrDefault(static error => error is not null), cancellationToken);

    public Task<RegistryResult<bool>> ReplaceAsync(string arn, IReadOnlyDictionary<string, string> tags, CancellationToken cancellationToken) =>
        WriteAsync(arn, _ => NoTags.SetItems(tags), RegistryRules.Tags(tags), cancellationToken);

    private async Task<RegistryResult<bool>> WriteAsync(
        string arn, Func<ImmutableSortedDictionary<string, string>, ImmutableSortedDictionary<string, string>> change, RegistryError? malformed,
        CancellationToken cancellationToken) =>
        malformed ?? await state.WriteAsync<bool>(
            write =>
            {
                var next = change(write.State.Tags.GetValueOrDefault(arn, NoTags));
                if (next.Count > RegistryRules.MaxTags)
                    return RegistryRules.TooManyTags(next.Count);
                write.SetTags(arn, next);
                return write.HasChanged;
            },
            cancellationToken);
}
