using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeGateway.Sync;
using Microsoft.AspNetCore.Mvc;

namespace EdgeGateway.Api;

/// <summary>How the wire types of <c>/edge/v1</c> are written: camelCase, nothing by reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(StatusResponse))]
[JsonSerializable(typeof(BrokerResponse))]
[JsonSerializable(typeof(IReadOnlyList<ClientResponse>))]
[JsonSerializable(typeof(ClientDetailResponse))]
[JsonSerializable(typeof(IReadOnlyList<QueueEntryResponse>))]
[JsonSerializable(typeof(MaintenanceRequest))]
[JsonSerializable(typeof(ProblemDetails))]
[JsonSerializable(typeof(RuleSummary[])), JsonSerializable(typeof(RuleDetail)), JsonSerializable(typeof(RuleChanged)), JsonSerializable(typeof(RuleTestRequest)), JsonSerializable(typeof(RuleTestResponse))]
[JsonSerializable(typeof(RuleTraceLine)), JsonSerializable(typeof(RuleTraceLine[])), JsonSerializable(typeof(RuleReplayResponse)), JsonSerializable(typeof(RuleNamed))]
[JsonSerializable(typeof(ConflictResponse[]))]
[JsonSerializable(typeof(ShadowHistoryResponse))]
[JsonSerializable(typeof(ShadowSyncResponse[]))]
[JsonSerializable(typeof(IReadOnlyList<UpstreamStatus>))]
[JsonSerializable(typeof(IReadOnlyList<ParkedMessage>))]
[JsonSerializable(typeof(SyncedShadowResponse[]))]
[JsonSerializable(typeof(SyncedEntryResponse)), JsonSerializable(typeof(SyncedEntryResponse[])), JsonSerializable(typeof(RegistrySyncResponse[])), JsonSerializable(typeof(RegistryConflictResponse[])), JsonSerializable(typeof(SettleRequest))]
[JsonSerializable(typeof(ShadowSummaryResponse[]))]
[JsonSerializable(typeof(PublishResponse))]
[JsonSerializable(typeof(IReadOnlyList<WiredResponse>))]
[JsonSerializable(typeof(IReadOnlyList<EdgeGateway.Devices.DeviceProposal>)), JsonSerializable(typeof(DemoFaultRequest))]
[JsonSerializable(typeof(ScanResponse))]
[JsonSerializable(typeof(WiredReadingResponse))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(DriverResponse)), JsonSerializable(typeof(DriverResponse[]))]
[JsonSerializable(typeof(DeliveryResponse)), JsonSerializable(typeof(DeliveryResponse[])), JsonSerializable(typeof(DeadLetterResponse[])), JsonSerializable(typeof(CountResponse)), JsonSerializable(typeof(SecretResponse[]))]
[JsonSerializable(typeof(ObjectResponse[])), JsonSerializable(typeof(QueueResponse)), JsonSerializable(typeof(QueueResponse[])), JsonSerializable(typeof(QueueRequest)), JsonSerializable(typeof(QueueMessageResponse[]))]
[JsonSerializable(typeof(StreamResponse)), JsonSerializable(typeof(StreamResponse[])), JsonSerializable(typeof(StreamRequest)), JsonSerializable(typeof(StreamRecordResponse[])), JsonSerializable(typeof(SeriesResponse[]))]
[JsonSerializable(typeof(SeriesPointResponse[])), JsonSerializable(typeof(SeriesBinResponse[])), JsonSerializable(typeof(AlarmResponse[])), JsonSerializable(typeof(AlarmEventResponse[])), JsonSerializable(typeof(LogEventResponse[]))]
[JsonSerializable(typeof(SubscriptionRequest)), JsonSerializable(typeof(NotifySubscriptionResponse[])), JsonSerializable(typeof(FunctionResponse[])), JsonSerializable(typeof(ActionResponse[])), JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(JobResponse)), JsonSerializable(typeof(JobResponse[])), JsonSerializable(typeof(JobExecutionResponse[])), JsonSerializable(typeof(JobCreateRequest))]
[JsonSerializable(typeof(FoundResponse)), JsonSerializable(typeof(FieldValuesResponse))]
[JsonSerializable(typeof(RoleDocument)), JsonSerializable(typeof(RoleDocument[])), JsonSerializable(typeof(TableSummary)), JsonSerializable(typeof(TableSummary[])), JsonSerializable(typeof(System.Text.Json.JsonElement[]))]
public sealed partial class ApiJson : JsonSerializerContext;
