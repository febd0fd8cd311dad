using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Juju.Local.Api;

/// <summary>
/// The controller as the command line sees it: one method for each operation. Each throws <see cref="ControllerException"/>
/// with Juju's code and text. Not for use by several threads at once.
/// </summary>
sealed class ControllerClient : IDisposable
{
    readonly Socket socket;
    readonly NetworkStream stream;

    ControllerClient(Socket socket)
    {
        this.socket = socket;
        stream = new NetworkStream(socket);
    }

    /// <summary>Connects to the home's controller and starts it if there is none.</summary>
    public static async Task<ControllerClient> ConnectAsync(ControllerHome home, CancellationToken cancellation) =>
        await FindAsync(home, cancellation) ?? await ControllerStart.StartAsync(home, cancellation);

    /// <summary>Connects to the home's controller; null if none runs.</summary>
    public static Task<ControllerClient?> FindAsync(ControllerHome home, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(home.Socket));
            var client = new ControllerClient(socket);

            // One that is about to end may still take connections, but does not answer.
            if (client.Answers())
            {
                return Task.FromResult<ControllerClient?>(client);
            }

            client.Dispose();
            return Task.FromResult<ControllerClient?>(null);
        }
        catch (SocketException)
        {
            socket.Dispose();
            return Task.FromResult<ControllerClient?>(null);
        }
    }

    public Task<ControllerDetails> ControllerAsync(CancellationToken cancellation) =>
        CallAsync("Controller", ApiJson.Default.ControllerDetails, cancellation);

    /// <summary>Ends the controller's process. Workloads keep running; the next command starts it again.</summary>
    public Task StopControllerAsync(CancellationToken cancellation) => CallAsync("StopController", ApiJson.Default.Nothing, cancellation);

    /// <summary>Stops all containers, keeps all data, and ends the controller; the next command starts everything again.</summary>
    public Task ShutdownAsync(CancellationToken cancellation) => CallAsync("Shutdown", ApiJson.Default.Nothing, cancellation);

    /// <summary>Destroys all models with their storage, then the controller's own files and network, and ends it.</summary>
    public Task KillControllerAsync(CancellationToken cancellation) => CallAsync("KillController", ApiJson.Default.Nothing, cancellation);

    public Task<ModelDetails> AddModelAsync(AddModelRequest request, CancellationToken cancellation) =>
        CallAsync("AddModel", request, ApiJson.Default.AddModelRequest, ApiJson.Default.ModelDetails, cancellation);

    public Task<IReadOnlyList<ModelDetails>> ListModelsAsync(CancellationToken cancellation) =>
        CallAsync("ListModels", ApiJson.Default.IReadOnlyListModelDetails, cancellation);

    public Task<ModelDetails> GetModelAsync(string model, CancellationToken cancellation) =>
        CallAsync("GetModel", new(model), ApiJson.Default.ModelRequest, ApiJson.Default.ModelDetails, cancellation);

    public Task DestroyModelAsync(DestroyModelRequest request, CancellationToken cancellation) =>
        CallAsync("DestroyModel", request, ApiJson.Default.DestroyModelRequest, ApiJson.Default.Nothing, cancellation);

    public Task<IReadOnlyList<ModelOption>> GetModelConfigAsync(string model, CancellationToken cancellation) =>
        CallAsync("GetModelConfig", new(model), ApiJson.Default.ModelRequest, ApiJson.Default.IReadOnlyListModelOption, cancellation);

    public Task SetModelConfigAsync(SetModelConfigRequest request, CancellationToken cancellation) =>
        CallAsync("SetModelConfig", request, ApiJson.Default.SetModelConfigRequest, ApiJson.Default.Nothing, cancellation);

    public Task<ModelStatus> StatusAsync(string model, CancellationToken cancellation) =>
        CallAsync("Status", new(model), ApiJson.Default.ModelRequest, ApiJson.Default.ModelStatus, cancellation);

    /// <summary>Waits for a change of the model; for <c>wait-for</c> and the like.</summary>
    public Task<WaitResult> WaitAsync(WaitRequest request, CancellationToken cancellation) =>
        CallAsync("Wait", request, ApiJson.Default.WaitRequest, ApiJson.Default.WaitResult, cancellation);

    public Task<DeployResult> DeployAsync(DeployRequest request, CancellationToken cancellation) =>
        CallAsync("Deploy", request, ApiJson.Default.DeployRequest, ApiJson.Default.DeployResult, cancellation);

    public Task<RefreshResult> RefreshAsync(RefreshRequest request, CancellationToken cancellation) =>
        CallAsync("Refresh", request, ApiJson.Default.RefreshRequest, ApiJson.Default.RefreshResult, cancellation);

    public Task AttachResourceAsync(AttachResourceRequest request, CancellationToken cancellation) =>
        CallAsync("AttachResource", request, ApiJson.Default.AttachResourceRequest, ApiJson.Default.Nothing, cancellation);

    public Task<IntegrateResult> IntegrateAsync(IntegrateRequest request, CancellationToken cancellation) =>
        CallAsync("Integrate", request, ApiJson.Default.IntegrateRequest, ApiJson.Default.IntegrateResult, cancellation);

    public Task RemoveRelationAsync(RemoveRelationRequest request, CancellationToken cancellation) =>
        CallAsync("RemoveRelation", request, ApiJson.Default.RemoveRelationRequest, ApiJson.Default.Nothing, cancellation);

    public Task<ApplicationDetails> GetApplicationAsync(ApplicationRequest request, CancellationToken cancellation) =>
        CallAsync("GetApplication", request, ApiJson.Default.ApplicationRequest, ApiJson.Default.ApplicationDetails, cancellation);

    public Task<ApplicationConfig> GetConfigAsync(ApplicationRequest request, CancellationToken cancellation) =>
        CallAsync("GetConfig", request, ApiJson.Default.ApplicationRequest, ApiJson.Default.ApplicationConfig, cancellation);

    public Task<SetConfigResult> SetConfigAsync(SetConfigRequest request, CancellationToken cancellation) =>
        CallAsync("SetConfig", request, ApiJson.Default.SetConfigRequest, ApiJson.Default.SetConfigResult, cancellation);

    public Task ExposeAsync(ExposeRequest request, CancellationToken cancellation) =>
        CallAsync("Expose", request, ApiJson.Default.ExposeRequest, ApiJson.Default.Nothing, cancellation);

    public Task TrustAsync(TrustRequest request, CancellationToken cancellation) =>
        CallAsync("Trust", request, ApiJson.Default.TrustRequest, ApiJson.Default.Nothing, cancellation);

    public Task AddUnitsAsync(AddUnitsRequest request, CancellationToken cancellation) =>
        CallAsync("AddUnits", request, ApiJson.Default.AddUnitsRequest, ApiJson.Default.Nothing, cancellation);

    public Task ScaleAsync(ScaleRequest request, CancellationToken cancellation) =>
        CallAsync("Scale", request, ApiJson.Default.ScaleRequest, ApiJson.Default.Nothing, cancellation);

    public Task<RemovedResult> RemoveUnitsAsync(RemoveUnitsRequest request, CancellationToken cancellation) =>
        CallAsync("RemoveUnits", request, ApiJson.Default.RemoveUnitsRequest, ApiJson.Default.RemovedResult, cancellation);

    public Task<RemovedResult> RemoveApplicationAsync(RemoveApplicationRequest request, CancellationToken cancellation) =>
        CallAsync("RemoveApplication", request, ApiJson.Default.RemoveApplicationRequest, ApiJson.Default.RemovedResult, cancellation);

    public Task ResolveAsync(ResolveRequest request, CancellationToken cancellation) =>
        CallAsync("Resolve", request, ApiJson.Default.ResolveRequest, ApiJson.Default.Nothing, cancellation);

    public Task<UnitRelations> GetUnitAsync(UnitRequest request, CancellationToken cancellation) =>
        CallAsync("GetUnit", request, ApiJson.Default.UnitRequest, ApiJson.Default.UnitRelations, cancellation);

    public Task<ContainerEntry> GetContainerAsync(ContainerRequest request, CancellationToken cancellation) =>
        CallAsync("GetContainer", request, ApiJson.Default.ContainerRequest, ApiJson.Default.ContainerEntry, cancellation);

    public Task<IReadOnlyList<ActionDetails>> ListActionsAsync(ApplicationRequest request, CancellationToken cancellation) =>
        CallAsync("ListActions", request, ApiJson.Default.ApplicationRequest, ApiJson.Default.IReadOnlyListActionDetails, cancellation);

    public Task<OperationDetails> RunAsync(RunRequest request, CancellationToken cancellation) =>
        CallAsync("Run", request, ApiJson.Default.RunRequest, ApiJson.Default.OperationDetails, cancellation);

    public Task<OperationDetails> ExecAsync(ExecRequest request, CancellationToken cancellation) =>
        CallAsync("Exec", request, ApiJson.Default.ExecRequest, ApiJson.Default.OperationDetails, cancellation);

    /// <summary>The tasks as they are when all have ended, or the time is up.</summary>
    public Task<IReadOnlyList<TaskDetails>> WaitTasksAsync(TasksRequest request, CancellationToken cancellation) =>
        CallAsync("WaitTasks", request, ApiJson.Default.TasksRequest, ApiJson.Default.IReadOnlyListTaskDetails, cancellation);

    public Task<IReadOnlyList<OperationDetails>> ListOperationsAsync(string model, CancellationToken cancellation) =>
        CallAsync("ListOperations", new(model), ApiJson.Default.ModelRequest, ApiJson.Default.IReadOnlyListOperationDetails, cancellation);

    public Task<IReadOnlyList<TaskDetails>> CancelTasksAsync(CancelTasksRequest request, CancellationToken cancellation) =>
        CallAsync("CancelTasks", request, ApiJson.Default.CancelTasksRequest, ApiJson.Default.IReadOnlyListTaskDetails, cancellation);

    public Task<SecretId> AddSecretAsync(AddSecretRequest request, CancellationToken cancellation) =>
        CallAsync("AddSecret", request, ApiJson.Default.AddSecretRequest, ApiJson.Default.SecretId, cancellation);

    public Task UpdateSecretAsync(UpdateSecretRequest request, CancellationToken cancellation) =>
        CallAsync("UpdateSecret", request, ApiJson.Default.UpdateSecretRequest, ApiJson.Default.Nothing, cancellation);

    public Task GrantSecretAsync(GrantSecretRequest request, CancellationToken cancellation) =>
        CallAsync("GrantSecret", request, ApiJson.Default.GrantSecretRequest, ApiJson.Default.Nothing, cancellation);

    public Task RemoveSecretAsync(RemoveSecretRequest request, CancellationToken cancellation) =>
        CallAsync("RemoveSecret", request, ApiJson.Default.RemoveSecretRequest, ApiJson.Default.Nothing, cancellation);

    public Task<SecretDetails> GetSecretAsync(SecretRequest request, CancellationToken cancellation) =>
        CallAsync("GetSecret", request, ApiJson.Default.SecretRequest, ApiJson.Default.SecretDetails, cancellation);

    public Task<IReadOnlyList<SecretDetails>> ListSecretsAsync(ListSecretsRequest request, CancellationToken cancellation) =>
        CallAsync("ListSecrets", request, ApiJson.Default.ListSecretsRequest, ApiJson.Default.IReadOnlyListSecretDetails, cancellation);

    public Task<LogPage> LogsAsync(LogsRequest request, CancellationToken cancellation) =>
        CallAsync("Logs", request, ApiJson.Default.LogsRequest, ApiJson.Default.LogPage, cancellation);

    public Task<IReadOnlyList<StatusLogLine>> StatusLogAsync(StatusLogRequest request, CancellationToken cancellation) =>
        CallAsync("StatusLog", request, ApiJson.Default.StatusLogRequest, ApiJson.Default.IReadOnlyListStatusLogLine, cancellation);

    public void Dispose()
    {
        stream.Dispose();
        socket.Dispose();
    }

    bool Answers()
    {
        try
        {
            return Call(new Request { Op = "Controller", Params = JsonSerializer.SerializeToElement(new Nothing(), ApiJson.Default.Nothing) }).Error is null;
        }
        catch (ControllerException)
        {
            return false;
        }
    }

    Task<TResult> CallAsync<TResult>(string op, JsonTypeInfo<TResult> resultType, CancellationToken cancellation) =>
        CallAsync(op, new Nothing(), ApiJson.Default.Nothing, resultType, cancellation);

    // The socket is local and the command has nothing else to do: a blocking call spares it the machinery of asynchronous
    // sockets, which takes longer to start than most answers take to come.
    Task<TResult> CallAsync<TParams, TResult>(
        string op, TParams parameters, JsonTypeInfo<TParams> paramsType, JsonTypeInfo<TResult> resultType, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var stopping = cancellation.Register(socket.Dispose);
        var response = Call(new Request { Op = op, Params = JsonSerializer.SerializeToElement(parameters, paramsType) });
        return response.Error is null
            ? Task.FromResult(response.Result!.Value.Deserialize(resultType)!)
            : throw new ControllerException(response.ErrorCode ?? ErrorCode.Internal, response.Error);
    }

    Response Call(Request request)
    {
        try
        {
            stream.Write([.. JsonSerializer.SerializeToUtf8Bytes(request, ApiJson.Default.Request), (byte)'\n']);
            using var line = new MemoryStream();
            var chunk = new byte[16 * 1024];
            while (stream.Read(chunk) is > 0 and var count)
            {
                line.Write(chunk, 0, count);
                if (chunk[count - 1] == '\n')
                {
                    return JsonSerializer.Deserialize(line.GetBuffer().AsSpan(0, (int)line.Length), ApiJson.Default.Response)!;
                }
            }
        }
        catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException)
        {
        }

        throw new ControllerException(ErrorCode.Internal, "the controller closed the connection; run the command again");
    }
}
