"""Drives juju-local through jubilant, unmodified, as tests of charms do: PROGRAM CHARM-FOLDER."""

import pathlib
import sys
import tempfile

import jubilant

program, charm = sys.argv[1:]


def main() -> None:
    juju = jubilant.Juju(cli_binary=program, wait_timeout=60)
    assert juju.version().tuple >= (3, 6, 0), juju.version()
    juju.add_model('driven', config={'update-status-hook-interval': '1m'})
    try:
        drive(juju)
    finally:
        juju.destroy_model('driven', destroy_storage=True, force=True)
    try:
        juju.show_model('driven')
        raise AssertionError('the model is still there')
    except jubilant.CLIError:
        pass


def drive(juju: jubilant.Juju) -> None:
    assert juju.show_model().short_name == 'driven'
    juju.deploy(pathlib.Path(charm), 'one', config={'greeting': 'good day', 'loud': True, 'port': 81})
    juju.deploy(charm, 'two', num_units=2, trust=True)
    status = juju.wait(lambda status: jubilant.all_active(status, 'one', 'two') and jubilant.all_agents_idle(status))
    assert status.apps['one'].units['one/0'].workload_status.message == 'good day', status
    assert status.apps['one'].units['one/0'].leader
    assert len(status.get_units('two')) == 2

    config = juju.config('one')
    assert (config['greeting'], config['loud'], config['port']) == ('good day', True, 81), config
    juju.config('one', {'greeting': 'changed'}, reset='port')
    juju.wait(lambda status: status.apps['one'].units['one/0'].workload_status.message == 'changed', delay=0.2)
    assert juju.config('one')['port'] == 80
    juju.trust('one', scope='cluster')
    assert juju.config('one', app_config=True)['trust'] is True

    juju.integrate('one:backend', 'two')
    status = juju.wait(lambda status: 'backend' in status.apps['one'].relations and jubilant.all_agents_idle(status), delay=0.2)
    assert status.apps['one'].relations['backend'][0].related_app == 'two'
    info = juju.show_unit('one/0')
    backend = next(relation for relation in info.relation_info if relation.endpoint == 'backend')
    assert sorted(backend.related_units) == ['two/0', 'two/1'], backend
    juju.remove_relation('one', 'two:web')
    juju.wait(lambda status: 'backend' not in status.apps['one'].relations, delay=0.2)

    task = juju.run('one/leader', 'greet', {'name': 'you', 'count': 3})
    assert task.success and task.results == {'greeting': {'text': 'hello you'}, 'count': '3'}, task
    assert task.stdout == 'said\n', task
    for action, code in ('refuse', 0), ('crash', 3):
        try:
            juju.run('one/0', action)
            raise AssertionError(f'{action} did not fail')
        except jubilant.TaskError as error:
            assert (error.task.status, error.task.return_code) == ('failed', code), error
    try:
        juju.run('one/0', 'dance')
        raise AssertionError('an unknown action ran')
    except ValueError:
        pass
    try:
        juju.run('one/0', 'greet')
        raise AssertionError('a parameter is missing, and it ran')
    except jubilant.CLIError:
        pass

    assert juju.exec('echo "$JUJU_UNIT_NAME"; hostname', unit='one/0').stdout.startswith('one/0\n')
    assert juju.exec('printf', '%s|', 'a b', "c'd", unit='one/0').stdout == "a b|c'd|"
    try:
        juju.exec('exit 3', unit='one/0')
        raise AssertionError('exit 3 did not fail')
    except jubilant.TaskError as error:
        assert error.task.return_code == 3, error
    try:
        juju.exec('sleep 30', unit='one/0', wait=0.2)
        raise AssertionError('it did not time out')
    except TimeoutError:
        pass

    assert juju.ssh('two/0', 'echo', 'over', 'ssh') == 'over ssh\n'
    assert juju.cli('ssh', 'two/0', 'cat', stdin='typed') == 'typed'
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, 'file.txt')
        path.write_text('copied')
        juju.scp(path, 'two/0:.')
        assert juju.ssh('two/0', 'cat file.txt') == 'copied'
        juju.scp('two/0:file.txt', pathlib.Path(folder, 'back.txt'))
        assert pathlib.Path(folder, 'back.txt').read_text() == 'copied'

    uri = juju.add_secret('login', {'password': 'hunter2'}, info='For tests')
    juju.grant_secret(uri, 'two')
    juju.update_secret(uri, {'password': 'hunter3'})
    assert juju.show_secret(uri, reveal=True).content == {'password': 'hunter3'}
    assert len(juju.show_secret('login', revisions=True).revisions) == 2
    assert [secret.name for secret in juju.secrets()] == ['login']
    juju.remove_secret(uri)
    assert juju.secrets() == []

    assert juju.model_config()['update-status-hook-interval'] == '1m'
    juju.model_config({'update-status-hook-interval': '2m'})
    assert 'unit-one-0' in juju.debug_log(limit=100)

    juju.add_unit('one')
    juju.wait(lambda status: len(status.apps['one'].units) == 2 and jubilant.all_active(status, 'one'), delay=0.2)
    juju.remove_unit('one', num_units=1)
    juju.wait(lambda status: len(status.apps['one'].units) == 1, delay=0.2)
    juju.refresh('one', path=charm)
    juju.remove_application('two', destroy_storage=True, force=True)
    juju.wait(lambda status: 'two' not in status.apps, delay=0.2)


main()
print('jubilant', jubilant.__version__, 'drove it all')
